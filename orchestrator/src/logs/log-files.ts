import { appendFile, lstat, mkdir, open, readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogLine } from './log-line.js'

/** A file that would grow over this is put aside as `<day>.<number>.jsonl`, higher numbers newer; the newest has none. */
const maxFileBytes = 50 * 1024 * 1024
/** Files of one day that are kept besides the current one. */
const maxPartsADay = 5
/** Most that one tenant's log takes on the disk, however long the plan keeps it: the oldest files make room. */
const maxTenantBytes = 500 * 1024 * 1024
const tailBytes = 256 * 1024

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const logFile = /^(\d{4}-\d{2}-\d{2})(?:\.(\d{3}))?\.jsonl$/

/** @throws Error for what is not a tenant's id: the path must not leave the directory */
export function tenantDir(tenantsDir: string, tenantId: string): string {
  if (!uuid.test(tenantId)) throw new Error(`not a tenant id: ${tenantId}`)
  return join(tenantsDir, tenantId)
}

function logDir(tenantsDir: string, tenantId: string): string {
  return join(tenantDir(tenantsDir, tenantId), 'logs')
}

/** Appends lines of one tenant, each to the file of its day (UTC), and rotates by size. */
export async function appendLines(tenantsDir: string, tenantId: string, lines: readonly LogLine[]): Promise<void> {
  const dir = logDir(tenantsDir, tenantId)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const byDay = new Map<string, string>()
  for (const line of lines) {
    const day = line.at.slice(0, 10)
    byDay.set(day, `${byDay.get(day) ?? ''}${JSON.stringify(line)}\n`)
  }
  for (const [day, text] of byDay) {
    const file = join(dir, `${day}.jsonl`)
    const size = await sizeOf(file)
    const isFull = size > 0 && size + text.length > maxFileBytes
    if (isFull) await putAside(dir, day)
    if (isFull || size === 0) await makeRoom(dir)
    await appendFile(file, text, { mode: 0o600 })
  }
}

/** 0 for what is not there. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.size,
    () => 0,
  )
}

interface LogFile {
  readonly name: string
  readonly day: string
  /** Undefined: the one that is written. */
  readonly number: number | undefined
}

/** Oldest first; none where there is no folder yet. */
async function logFiles(dir: string): Promise<LogFile[]> {
  const files = (await readdir(dir).catch(() => [])).flatMap((name): LogFile[] => {
    const [, day, number] = logFile.exec(name) ?? []
    return day === undefined ? [] : [{ name, day, number: number === undefined ? undefined : Number(number) }]
  })
  const age = ({ number = Number.POSITIVE_INFINITY }: LogFile) => number
  return files.sort((a, b) => (a.day === b.day ? age(a) - age(b) : a.day < b.day ? -1 : 1))
}

/** Leaves room for one more file, in which the newest lines come. */
async function makeRoom(dir: string): Promise<void> {
  let bytes = maxFileBytes
  for (const { name } of (await logFiles(dir)).reverse()) {
    bytes += await sizeOf(join(dir, name))
    if (bytes > maxTenantBytes) await rm(join(dir, name), { force: true })
  }
}

async function putAside(dir: string, day: string): Promise<void> {
  const numbers = (await logFiles(dir)).flatMap((file) => (file.day === day ? (file.number ?? []) : []))
  const part = (number: number) => join(dir, `${day}.${String(number).padStart(3, '0')}.jsonl`)
  await rename(join(dir, `${day}.jsonl`), part(Math.max(0, ...numbers) + 1))
  const old = numbers.sort((a, b) => b - a).slice(maxPartsADay - 1)
  await Promise.all(old.map((number) => rm(part(number), { force: true })))
}

/** Where the reading of a run's output goes on: everything before `at` is stored, and of that instant `count` lines. */
export interface Cursor {
  readonly at: string
  readonly count: number
}

/**
 * Finds in the newest file what was stored last of a run, and cuts off a line that was being written when its writer died.
 * The lines themselves are the cursor, so the two cannot disagree.
 */
export async function readCursor(tenantsDir: string, tenantId: string, run: string): Promise<Cursor | undefined> {
  const dir = logDir(tenantsDir, tenantId)
  const newest = (await logFiles(dir)).at(-1)
  if (newest === undefined) return undefined
  const lines = await completeTail(join(dir, newest.name))
  let cursor: Cursor | undefined
  for (const text of lines.reverse()) {
    const line = parse(text)
    if (line?.run !== run || line.stream === 'sath') continue
    if (cursor && line.at !== cursor.at) break
    cursor = { at: line.at, count: (cursor?.count ?? 0) + 1 }
  }
  return cursor
}

async function completeTail(file: string): Promise<string[]> {
  const { size } = await stat(file)
  const from = Math.max(0, size - tailBytes)
  const handle = await open(file, 'r')
  try {
    const { buffer } = await handle.read(Buffer.alloc(size - from), 0, size - from, from)
    const complete = buffer.lastIndexOf(0x0a) + 1
    if (complete < buffer.length) await truncate(file, from + complete)
    return buffer
      .toString('utf8', 0, complete)
      .split('\n')
      .slice(from === 0 ? 0 : 1, -1)
  } finally {
    await handle.close()
  }
}

function parse(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return undefined
  }
}

/** Tenants that have a directory of ours: real ones only, links are not followed. */
export async function tenantsWithLogs(tenantsDir: string): Promise<readonly string[]> {
  const names = (await readdir(tenantsDir).catch(() => [])).filter((name) => uuid.test(name))
  const real = await Promise.all(names.map((name) => isDirectory(join(tenantsDir, name, 'logs'))))
  return names.filter((_, index) => real[index])
}

async function isDirectory(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/** Removes the files of days that lie more than `days` before `now` (epoch ms). Returns how many. */
export async function removeOldLogs(tenantsDir: string, tenantId: string, days: number, now: number): Promise<number> {
  const dir = logDir(tenantsDir, tenantId)
  const firstKept = new Date(now - days * 86_400_000).toISOString().slice(0, 10)
  const old = (await logFiles(dir)).filter(({ day }) => day < firstKept)
  await Promise.all(old.map(({ name }) => rm(join(dir, name), { force: true })))
  return old.length
}
