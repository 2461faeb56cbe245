import { botPasses } from './bot-passes.js'
import { readBot, unfinishedRuns } from './bot-view.js'
import type { Db } from './client.js'
import { runBirths } from './run-births.js'
import { runLimits } from './run-limits.js'
import { runPhases } from './run-phases.js'

/** What the orchestrator reads and writes about one bot. Every write is bound to a claim, so it throws ClaimLost. */
export function runRepository(db: Db) {
  return {
    view: (tenantId: string) => readBot(db, tenantId),
    unfinished: (node: string) => unfinishedRuns(db, node),
    ...runBirths(db),
    ...runPhases(db),
    ...runLimits(db),
    ...botPasses(db),
  }
}

export type RunRepository = ReturnType<typeof runRepository>
