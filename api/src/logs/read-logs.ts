import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { type LogLine, logLine } from './log-line.js'

export interface LogRequest {
  readonly tenantsDir: string
  /** From the token, never from the request. */
  readonly tenantId: string
  readonly limit: number
  readonly cursor?: string | undefined
  readonly from?: Date | undefined
  /** This level and above. */
  readonly level?: string | undefined
}

/** Most bytes looked at for one answer: a filter that fits nothing ends here, and the cursor goes on. */
const maxScanned = 8 * 1024 * 1024
const blockBytes = 64 * 1024
const logFile = /^(\d{4}-\d{2}-\d{2})(?:\.(\d{3}))?\.jsonl$/

/**
 * A part of a day, counted from 1. The one that is written has no number in its name, and here the one that it will get when
 * it is put aside: so a cursor still means the same lines after that.
 */
interface LogFile {
  readonly name: string
  readonly day: string
  readonly number: number
}

type Place = Pick<LogFile, 'day' | 'number'> & {
  /** In bytes. */
  readonly offset: number
}

/**
 * Log lines, newest first, read backwards in blocks from the end of the newest file. What is no line of ours is passed
 * over.
 *
 * @throws AppError invalid-request (a cursor that is none)
 */
export async function readLogs(request: LogRequest): Promise<{ items: LogLine[]; nextCursor: string | null }> {
  const folder = join(request.tenantsDir, request.tenantId, 'logs')
  const cursor = request.cursor === undefined ? undefined : parseCursor(request.cursor)
  const firstDay = request.from?.toISOString().slice(0, 10) ?? ''
  const files = (await filesIn(folder)).filter((file) => file.day >= firstDay && (!cursor || age(file, cursor) <= 0))
  const fits = filterOf(request)
  const items: LogLine[] = []
  let budget = maxScanned
  for (const file of files) {
    const before = cursor && age(file, cursor) === 0 ? cursor.offset : undefined
    for await (const { text, start } of linesBackwards(join(folder, file.name), before)) {
      const line = parseLine(text)
      if (line && fits(line)) items.push(line)
      budget -= text.length + 1
      if (items.length === request.limit || budget <= 0)
        return { items, nextCursor: formatCursor({ ...file, offset: start }) }
    }
  }
  return { items, nextCursor: null }
}

/** Newest first; a bot that never ran has no folder. */
async function filesIn(folder: string): Promise<LogFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  const last = new Map<string, number>()
  const found = names.flatMap((name) => {
    const [, day, number] = logFile.exec(name) ?? []
    if (day === undefined) return []
    if (number !== undefined) last.set(day, Math.max(last.get(day) ?? 0, Number(number)))
    return [{ name, day, number }]
  })
  return found
    .map(({ name, day, number }) => ({ name, day, number: Number(number ?? (last.get(day) ?? 0) + 1) }))
    .sort((a, b) => age(b, a))
}

/** Negative: `a` has the older lines. */
function age(a: Pick<LogFile, 'day' | 'number'>, b: Pick<LogFile, 'day' | 'number'>): number {
  return a.day === b.day ? a.number - b.number : a.day < b.day ? -1 : 1
}

/** Lines of a file that begin before `end` (default: its end), last one first, with the offset at which each begins. */
async function* linesBackwards(path: string, end?: number): AsyncGenerator<{ text: string; start: number }> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!file) return
  try {
    let position = Math.min(end ?? Number.MAX_SAFE_INTEGER, (await file.stat()).size)
    let rest = Buffer.alloc(0)
    while (position > 0) {
      const from = Math.max(0, position - blockBytes)
      rest = Buffer.concat([await readBlock(file, from, position - from), rest])
      position = from
      let newline = rest.lastIndexOf(10, rest.length - 1)
      while (newline >= 0) {
        const text = rest.toString('utf8', newline + 1)
        if (text !== '') yield { text, start: from + newline + 1 }
        rest = rest.subarray(0, newline)
        newline = newline === 0 ? -1 : rest.lastIndexOf(10)
      }
      // One line longer than anything we write: not ours, and not to fill our memory.
      if (rest.length > maxScanned) return
    }
    if (rest.length > 0) yield { text: rest.toString('utf8'), start: 0 }
  } finally {
    await file.close()
  }
}

async function readBlock(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from)
  return buffer.subarray(0, bytesRead)
}

function filterOf({ level, from }: LogRequest): (line: LogLine) => boolean {
  const levels: readonly string[] = http.logLevels
  const least = level === undefined ? 0 : levels.indexOf(level)
  const since = from?.toISOString() ?? ''
  return (line) => line.time >= since && (least === 0 || levels.indexOf(line.level) >= least)
}

function parseLine(text: string): LogLine | undefined {
  try {
    return logLine(JSON.parse(text))
  } catch {
    return undefined
  }
}

function formatCursor({ day, number, offset }: Place): string {
  return Buffer.from(`${day} ${number} ${offset}`).toString('base64url')
}

function parseCursor(text: string): Place {
  const place = /^(\d{4}-\d{2}-\d{2}) (\d{1,3}) (\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString())
  const [, day, number, offset] = place ?? []
  if (!day || !number || !offset)
    throw new AppError('invalid-request', 'The cursor is not one of ours.', {
      errors: [{ path: 'cursor', message: 'must be the nextCursor of an earlier answer' }],
    })
  return { day, number: Number(number), offset: Number(offset) }
}
