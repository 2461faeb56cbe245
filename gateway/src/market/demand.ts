import { type Db, someBotRuns } from '@sath/db'
import type { Wake } from '../wake.js'

/** Whether a recording's next minute would be of use to anybody. Where it would not, the market stands still. */
export interface Demand {
  /** A bot follows the market here. From then on bots elsewhere, and those whose session has dropped, count as well. */
  begin(): void
  /** Reads which bots run. */
  look(): Promise<void>
  /** Resolves when the next minute may come, or the signal aborts. */
  wanted(signal: AbortSignal): Promise<void>
}

export interface DemandDeps {
  readonly db: Db
  readonly wake: Wake
  /** A bot follows the market, or a trade waits for its price: what is open settles without any bot. */
  readonly isUsed: () => boolean
}

export function createDemand({ db, wake, isUsed }: DemandDeps): Demand {
  let begun = false
  let someRun = false
  return {
    begin() {
      begun = true
      wake.ring()
    },
    async look() {
      someRun = await someBotRuns(db)
      wake.ring()
    },
    async wanted(signal) {
      while (!signal.aborted && !isUsed() && !(begun && someRun)) await wake.next(1_000)
    },
  }
}
