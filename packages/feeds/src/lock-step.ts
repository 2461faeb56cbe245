import { setImmediate as turn } from 'node:timers/promises'
import type { FeedHandlers, MinuteBatch } from './feed.js'
import type { Timer } from './timer.js'

/** How far a feed may be behind its own pace and still catch up, ms: evens out timers, never bursts after a long wait. */
const slackMs = 50

export interface LockStepOptions {
  /** Market minutes per second of real time. */
  readonly speed: number
  readonly timer: Timer
  readonly signal: AbortSignal
  /** Called with the open time of a minute before it is sent. */
  readonly onPosition: (time: number) => void
}

/** Sends minutes at the pace of `speed`, each only after the one before was acknowledged. True when all were sent. */
export async function sendInLockStep(
  minutes: AsyncIterable<MinuteBatch>,
  handlers: FeedHandlers,
  { speed, timer, signal, onPosition }: LockStepOptions,
): Promise<boolean> {
  let due = timer.monotonic()
  for await (const minute of minutes) {
    const early = due - timer.monotonic()
    // Even the fastest recording lets the rest of the process have its turn.
    if (early >= 1) await timer.sleep(early, signal)
    else await turn()
    if (signal.aborted) return false
    onPosition(minute.time)
    await handlers.onMinute(minute)
    due = Math.max(due + 1_000 / speed, timer.monotonic() - slackMs)
  }
  return !signal.aborted
}
