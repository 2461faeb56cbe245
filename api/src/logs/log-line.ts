/** One line of a bot's log. */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string
  readonly level: string
  readonly message: string
  readonly fields: Record<string, unknown>
}

/**
 * A line as clients see it, whether it was stored or comes live. What is not the bot's own standard output says so in the field
 * `stream`: `stderr`, or `sath` for our words. Undefined: no line of ours.
 */
export function logLine(collected: unknown): LogLine | undefined {
  if (typeof collected !== 'object' || collected === null) return undefined
  const { time, level, message, fields, stream } = collected as Record<string, unknown>
  if (typeof time !== 'string' || typeof message !== 'string' || Number.isNaN(Date.parse(time))) return undefined
  return {
    time: new Date(time).toISOString(),
    level: typeof level === 'string' ? level : 'info',
    message,
    fields: {
      ...(typeof fields === 'object' && fields !== null ? fields : {}),
      ...(typeof stream === 'string' && stream !== 'stdout' ? { stream } : {}),
    },
  }
}
