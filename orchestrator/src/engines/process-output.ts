import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Clock } from '@sath/core'
import type { LogEntry } from './container-engine.js'

/** Output that nobody has read yet is kept up to this; then the pipe is left alone and the child waits. */
const maxEntries = 256

export interface LineQueue {
  attach(child: ChildProcess): void
  read(since: string | undefined, signal: AbortSignal): AsyncGenerator<LogEntry>
}

/** What a child prints, stamped and waiting to be read. Bounded: a child that nobody reads is slowed down. */
export function lineQueue(now: Clock): LineQueue {
  const entries: LogEntry[] = []
  let stamps = 0
  let ended = false
  let wake = () => {}
  const paused: { resume(): void }[] = []

  return {
    attach(child) {
      for (const name of ['stdout', 'stderr'] as const) {
        const stream = child[name]
        stream?.on('data', (data: Buffer) => {
          entries.push({ stream: name, at: stamp(now(), stamps++), data })
          if (entries.length >= maxEntries) {
            stream.pause()
            paused.push(stream)
          }
          wake()
        })
      }
      once(child, 'close').then(() => {
        ended = true
        wake()
      })
    },
    async *read(since, signal) {
      signal.addEventListener('abort', () => wake(), { once: true })
      while (!signal.aborted) {
        const next = entries.shift()
        if (next) {
          if (since === undefined || next.at >= since) yield next
          continue
        }
        for (const stream of paused.splice(0)) stream.resume()
        if (ended) return
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

/** Milliseconds of the clock, and a counter in the place of the nanoseconds, so that no two are equal. */
function stamp(ms: number, n: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}${String(n % 1_000_000).padStart(6, '0')}Z`
}
