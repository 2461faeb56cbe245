import { type Db, type NewStripeEvent, storeStripeEvents } from '@sath/db'
import { isDatabaseAway } from '../http/database-away.js'

interface Waiting {
  readonly event: NewStripeEvent
  resolve(isNew: boolean): void
  reject(error: unknown): void
}

export interface EventIntake {
  /** Resolves once the event is on disk. False: it was there before. */
  keep(event: NewStripeEvent): Promise<boolean>
}

/** Stores events that come together in one statement: a transaction for each would be most of the work. */
export function createEventIntake(db: Db, { atOnce = 2, most = 50 } = {}): EventIntake {
  const waiting: Waiting[] = []
  let running = 0

  async function store(batch: readonly Waiting[]): Promise<void> {
    try {
      const fresh = await storeStripeEvents(
        db,
        batch.map(({ event }) => event),
      )
      // Of one that is there twice the first is new.
      for (const { event, resolve } of batch) resolve(fresh.delete(event.id))
    } catch (error) {
      // One that cannot be stored must not take the others with it; without a database none can.
      if (batch.length > 1 && !isDatabaseAway(error)) for (const each of batch) await store([each])
      else for (const { reject } of batch) reject(error)
    }
  }

  function next(): void {
    if (running >= atOnce || waiting.length === 0) return
    running++
    void store(waiting.splice(0, most)).finally(() => {
      running--
      next()
    })
    next()
  }

  return {
    keep: (event) =>
      new Promise((resolve, reject) => {
        waiting.push({ event, resolve, reject })
        if (waiting.length === 1) setImmediate(next)
      }),
  }
}
