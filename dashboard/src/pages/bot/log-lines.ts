import type { LogLevel, LogLine } from '../../api/types.js'

/** A line with a key of its own: two lines may say the same at the same time. */
export interface KeyedLine extends LogLine {
  readonly key: number
}

/** Live lines kept on the page before its stored end is read anew; the files on the server have them all. */
export const mostLines = 1_000

const ranks: Readonly<Record<LogLevel, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 }

export const levels = Object.keys(ranks) as readonly LogLevel[]

export function isAtLeast(line: LogLine, level: LogLevel): boolean {
  return ranks[line.level] >= ranks[level]
}

/** Pages as they are read, newest first, to lines oldest first. Keys count back from the end, so earlier pages keep them. */
export function historyOf(pages: readonly { readonly items: readonly LogLine[] }[]): readonly KeyedLine[] {
  return pages
    .flatMap(({ items }) => items)
    .map((line, at) => ({ ...line, key: -1 - at }))
    .reverse()
}

/** A line of the stream; undefined for anything else. */
export function parseLine(data: unknown): LogLine | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { time, level, message, fields } = data as Record<string, unknown>
  if (typeof time !== 'string' || typeof message !== 'string' || !isLevel(level)) return undefined
  return { time, level, message, fields: isFields(fields) ? fields : {} }
}

function isLevel(value: unknown): value is LogLevel {
  return typeof value === 'string' && Object.hasOwn(ranks, value)
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Fields as "name=value", in their order. */
export function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(fields)
  return entries
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}
