import { setTimeout as delay } from 'node:timers/promises'

export interface UntilOptions {
  /** Default 60 000: a loaded machine only makes a test slower, never wrong. */
  readonly timeoutMs?: number
  /** Default 10. */
  readonly everyMs?: number
}

/**
 * Asks again and again until the answer is neither false nor undefined nor null, and returns it.
 *
 * @throws Error naming what was awaited, with the last error of `condition` as its cause
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  { timeoutMs = 60_000, everyMs = 10 }: UntilOptions = {},
): Promise<Exclude<T, false | undefined | null>> {
  const end = performance.now() + timeoutMs
  let cause: unknown
  for (;;) {
    try {
      const answer = await condition()
      if (answer !== false && answer !== undefined && answer !== null) {
        return answer as Exclude<T, false | undefined | null>
      }
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`, { cause })
    await delay(everyMs)
  }
}
