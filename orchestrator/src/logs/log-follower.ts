import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '@sath/core'
import type { Container, ContainerEngine, LogEntry } from '../engines/container-engine.js'
import { lineSplitter } from './line-splitter.js'
import type { Cursor } from './log-files.js'
import { isoOf, type LogLine, parseLine } from './log-line.js'
import { logAllowance, tokenBucket } from './token-bucket.js'

export interface FollowerOptions {
  readonly engine: ContainerEngine
  readonly container: Container
  readonly now: Clock
  readonly signal: AbortSignal
  /** Stored already. */
  readonly cursor: Cursor | undefined
  /** Takes lines to keep; waits while it is busy. */
  readonly store: (lines: readonly LogLine[]) => Promise<void>
}

/** Lines are stored together: as many as came by then, at the latest after this. */
const batchMs = 100
const batchLines = 500
/** Raw output read in one second of one bot; then Docker waits, and in the end throws away what does not fit in its buffer. */
const readBytesPerSecond = 4 * 1024 * 1024
/** After so much work at once the others have their turn. */
const sliceBytes = 64 * 1024

/** Reads a container's output to its end. Rejects when the engine breaks off; call again then with the new cursor. */
export async function followOutput(options: FollowerOptions): Promise<void> {
  const { engine, container, now, signal, cursor, store } = options
  const run = container.runId
  const bucket = tokenBucket(logAllowance, now)
  let batch: LogLine[] = []
  let dropped = 0
  let lastAt = cursor?.at ?? new Date(now()).toISOString()
  let flushedAt = now()
  let window = { from: now(), bytes: 0 }
  let slice = 0

  const splitters = {
    stdout: lineSplitter((text, cut) => take('stdout', text, cut)),
    stderr: lineSplitter((text, cut) => take('stderr', text, cut)),
  }

  function take(stream: 'stdout' | 'stderr', text: string, cut: number): void {
    if (bucket.take(text.length)) batch.push(parseLine({ stream, run, at: lastAt, text, cut }))
    else dropped++
  }

  async function flush(): Promise<void> {
    flushedAt = now()
    if (dropped > 0) {
      batch.push(droppedLine(run, lastAt, dropped))
      dropped = 0
    }
    if (batch.length === 0) return
    const lines = batch
    batch = []
    await store(lines)
  }

  /** Keeps one bot's flood from taking the processor from all others. */
  async function breathe(bytes: number): Promise<void> {
    slice += bytes
    if (slice < sliceBytes) return
    slice = 0
    await new Promise(setImmediate)
    if (now() - window.from >= 1_000) window = { from: now(), bytes: 0 }
    if (window.bytes > readBytesPerSecond) await delay(Math.max(1, 1_000 - (now() - window.from)))
  }

  // What is quiet for a moment is stored without waiting for more.
  const timer = setInterval(() => {
    if (now() - flushedAt >= batchMs) flush().catch(() => {})
  }, batchMs)
  try {
    const isNew = afterCursor(cursor)
    for await (const entry of engine.logs(container.id, cursor?.at, signal)) {
      if (!isNew(entry)) continue
      lastAt = entry.at
      splitters[entry.stream].push(entry.data)
      window.bytes += entry.data.length + 64
      if (batch.length >= batchLines || (batch.length + dropped > 0 && now() - flushedAt >= batchMs)) await flush()
      await breathe(entry.data.length + 64)
    }
    splitters.stdout.end()
    splitters.stderr.end()
  } finally {
    clearInterval(timer)
    await flush()
  }
}

/** Leaves out what is stored: earlier entries, and of the cursor's own instant as many as were counted. */
function afterCursor(cursor: Cursor | undefined): (entry: LogEntry) => boolean {
  let skip = cursor?.count ?? 0
  return ({ at }) => {
    if (!cursor || at > cursor.at) return true
    if (at < cursor.at) return false
    skip--
    return skip < 0
  }
}

function droppedLine(run: string, at: string, dropped: number): LogLine {
  const message = `${dropped} log lines were dropped: the bot writes faster than its allowance`
  return { time: isoOf(at), level: 'warn', message, fields: { dropped }, stream: 'sath', run, at }
}
