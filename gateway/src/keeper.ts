import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'

/**
 * Does one kind of work whenever a bell says so, and every so often in case no bell was heard. Never twice at once, and with a
 * rest after each: bells come in crowds.
 */
export interface Keeper {
  ring(): void
  /** Rings, and resolves when work that began after this call has ended. */
  now(): Promise<void>
  stop(): Promise<void>
}

export function createKeeper(
  name: string,
  work: () => Promise<void>,
  {
    everyMs,
    restMs,
    signal,
    log,
  }: { readonly everyMs: number; readonly restMs: number; readonly signal: AbortSignal; readonly log: Logger },
): Keeper {
  let wanted = false
  let running: Promise<void> | undefined
  /** Pieces of work that have begun and, of those, the newest that has ended. */
  let begun = 0
  let ended = 0
  let waiting: (() => void)[] = []
  const timer = setInterval(ring, everyMs)
  timer.unref()

  async function run(): Promise<void> {
    while (wanted && !signal.aborted) {
      wanted = false
      begun++
      try {
        await work()
      } catch (error) {
        if (!signal.aborted) log.warn({ work: name, err: error }, 'work failed; the next sweep tries again')
      }
      ended = begun
      tellWaiting()
      await delay(restMs, undefined, { signal }).catch(() => {})
    }
    running = undefined
    tellWaiting()
  }

  function tellWaiting(): void {
    const told = waiting
    waiting = []
    for (const tell of told) tell()
  }

  function ring(): void {
    if (signal.aborted) return
    wanted = true
    running ??= run()
  }

  return {
    ring,
    async now() {
      const mine = begun + 1
      ring()
      // Not until it rests: where bells come faster than that, it never does.
      while (running && ended < mine) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
