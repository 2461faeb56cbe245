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
  const timer = setInterval(ring, everyMs)
  timer.unref()

  async function run(): Promise<void> {
    while (wanted && !signal.aborted) {
      wanted = false
      try {
        await work()
      } catch (error) {
        if (!signal.aborted) log.warn({ work: name, err: error }, 'work failed; the next sweep tries again')
      }
      await delay(restMs, undefined, { signal }).catch(() => {})
    }
    running = undefined
  }

  function ring(): void {
    wanted = true
    running ??= run()
  }

  return {
    ring,
    async now() {
      ring()
      while (running) await running
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
