import { type Database, listen } from '@sath/db'
import { errorFields } from '../http/error-fields.js'
import { type EventParts, handleEvents } from './handle-events.js'

export interface EventLoop {
  stop(): Promise<void>
}

/** So many customers are looked at side by side. */
const atOnce = 4
const sweepEveryMs = 5_000

/**
 * Deals with stored events until it is stopped: at once when the bell of new ones rings, and every few seconds for those that
 * wait for another try and for bells that were lost. Any number of programs may run it.
 */
export function startEventLoop(
  parts: EventParts & { readonly database: Database },
  { everyMs = sweepEveryMs } = {},
): EventLoop {
  const { database, log } = parts
  let stopped = false
  let rung = false
  let round: Promise<void> | undefined

  async function work(): Promise<void> {
    while (!stopped && (await handleEvents(parts)));
  }

  async function workAll(): Promise<void> {
    do {
      rung = false
      const ends = await Promise.allSettled(Array.from({ length: atOnce }, work))
      for (const end of ends)
        if (end.status === 'rejected') log.warn({ err: errorFields(end.reason) }, 'events of Stripe wait')
    } while (rung && !stopped)
  }

  function ring(): void {
    rung = true
    if (stopped || round) return
    round = workAll().finally(() => {
      round = undefined
    })
  }

  const bell = listen(database.sql, 'sath_stripe', ring, ring)
  // Without the bell the timer is enough.
  bell.catch((error: unknown) => log.warn({ err: errorFields(error) }, 'no bell for events of Stripe'))
  const timer = setInterval(ring, everyMs)
  ring()
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await bell.then((end) => end()).catch(() => {})
      await round
    },
  }
}
