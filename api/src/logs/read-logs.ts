import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { http } from '@sath/contracts'
import { AppError } from '@sath/core'

/** One line of a bot's log. */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string
  readonly level: string
  readonly message: string
  readonly fields: Record<string, unknown>
}

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
const dayFile = /^(\d{4}-\d{2}-\d{2})\.jsonl$/

/**
 * Log lines, newest first, read backwards in blocks from the end of the newest day's file. What is no line of ours is passed
 * over.
 *
 * @throws AppError invalid-request (a cursor that is none)
 */
export async function readLogs(request: LogRequest): Promise<{ items: LogLine[]; nextCursor: string | null }> {
  const folder = join(request.tenantsDir, request.tenantId, 'logs')
  const cursor = request.cursor === undefined ? undefined : parseCursor(request.cursor)
  const firstDay = request.from?.toISOString().slice(0, 10) ?? ''
  const days = (await daysIn(folder)).filter((day) => day >= firstDay && (!cursor || day <= cursor.day))
  const fits = filterOf(request)
  const items: LogLine[] = []
  let budget = maxScanned
  for (const day of days) {
    const before = day === cursor?.day ? cursor.offset : undefined
    for await (const { text, start } of linesBackwards(join(folder, `${day}.jsonl`), before)) {
      const line = parseLine(text)
      if (line && fits(line)) items.push(line)
      budget -= text.length + 1
      if (items.length === request.limit || budget <= 0) return { items, nextCursor: formatCursor(day, start) }
    }
  }
  return { items, nextCursor: null }
}

/** Newest first; a bot that never ran has no folder. */
async function daysIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  return names
    .flatMap((name) => dayFile.exec(name)?.[1] ?? [])
    .sort()
    .reverse()
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
    const { time, level, message, fields, stream } = JSON.parse(text) as Record<string, unknown>
    if (typeof time !== 'string' || typeof message !== 'string' || Number.isNaN(Date.parse(time))) return undefined
    return {
      time: new Date(time).toISOString(),
      level: typeof level === 'string' ? level : 'info',
      message,
      fields: {
        ...(typeof fields === 'object' && fields !== null ? fields : {}),
        ...(typeof stream === 'string' ? { stream } : {}),
      },
    }
  } catch {
    return undefined
  }
}

function formatCursor(day: string, offset: number): string {
  return Buffer.from(`${day} ${offset}`).toString('base64url')
}

function parseCursor(text: string): { day: string; offset: number } {
  const [, day, offset] = /^(\d{4}-\d{2}-\d{2}) (\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString()) ?? []
  if (!day || !offset)
    throw new AppError('invalid-request', 'The cursor is not one of ours.', {
      errors: [{ path: 'cursor', message: 'must be the nextCursor of an earlier answer' }],
    })
  return { day, offset: Number(offset) }
}
