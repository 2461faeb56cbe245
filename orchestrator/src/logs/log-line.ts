/** One line as it is stored and shown. */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
  /** `sath`: not the bot's own words. */
  readonly stream: 'stdout' | 'stderr' | 'sath'
  readonly run: string
  /** The engine's stamp, to the nanosecond; where the next reading goes on. */
  readonly at: string
}

const pinoLevels: Readonly<Record<number, LogLine['level']>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}

export interface RawLine {
  readonly stream: 'stdout' | 'stderr'
  readonly run: string
  readonly at: string
  readonly text: string
  /** Bytes that were cut off. */
  readonly cut: number
}

/** Reads a line of a bot: pino's JSON as it is meant, anything else as a message. Never throws, whatever the bot says. */
export function parseLine({ stream, run, at, text, cut }: RawLine): LogLine {
  const said = parseObject(text)
  const origin = { stream, run, at }
  const truncated = cut > 0 ? { truncatedBytes: cut } : {}
  if (!said)
    return {
      time: isoOf(at),
      level: stream === 'stderr' ? 'error' : 'info',
      message: text,
      fields: truncated,
      ...origin,
    }
  const { time, level, msg, message, pid: _pid, hostname: _host, ...fields } = said
  const words = typeof msg === 'string' ? msg : typeof message === 'string' ? message : ''
  return {
    time: typeof time === 'number' && time > 0 && time < 8.64e15 ? new Date(time).toISOString() : isoOf(at),
    level: pinoLevels[Number(level)] ?? 'info',
    message: words,
    fields: { ...fields, ...truncated },
    ...origin,
  }
}

/** The engine's stamp in the milliseconds that everything else has. */
export function isoOf(at: string): string {
  const ms = Date.parse(at)
  return new Date(Number.isNaN(ms) ? 0 : ms).toISOString()
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
