import { commitDecisions, type Db, type DecisionWrite, ensureDays, slotKey } from '@sath/db'
import type { Logger } from 'pino'
import { isOutage, persist } from '../persist.js'

export interface DecisionWriter {
  /**
   * Stores a decision that trades nothing. False: its candle was decided already, or its epoch is over. At most one per slot
   * may be under way.
   *
   * @throws what the database has against this very row
   */
  write(decision: DecisionWrite): Promise<boolean>
}

interface Pending {
  readonly decision: DecisionWrite
  readonly resolve: (saved: boolean) => void
  readonly reject: (error: unknown) => void
}

/** Most decisions in one statement. */
const mostAtOnce = 500

/**
 * Commits together what comes together: while one statement is on its way the next batch gathers, so a candle of a thousand
 * bots costs a few commits and one bot alone waits for nobody.
 */
export function createDecisionWriter(db: Db, { signal, log }: { signal: AbortSignal; log: Logger }): DecisionWriter {
  let gathering: Pending[] = []
  let busy = false

  async function store(batch: readonly Pending[]): Promise<void> {
    const decisions = batch.map(({ decision }) => decision)
    try {
      const saved = await persist('decisions', () => storeDecisions(db, decisions), { signal, log })
      for (const { decision, resolve } of batch) resolve(saved.has(slotKey(decision)))
    } catch (error) {
      if (batch.length === 1 || isOutage(error)) {
        for (const { reject } of batch) reject(error)
        return
      }
      // One of them is not fit to be stored: find out whose, so that nobody else suffers.
      for (const each of batch) await store([each])
    }
  }

  async function run(): Promise<void> {
    busy = true
    // What arrived in the same turn of the event loop goes together.
    await new Promise(setImmediate)
    while (gathering.length > 0) {
      const batch = gathering.slice(0, mostAtOnce)
      gathering = gathering.slice(mostAtOnce)
      await store(batch)
    }
    busy = false
  }

  return {
    write: (decision) =>
      new Promise((resolve, reject) => {
        gathering.push({ decision, resolve, reject })
        if (!busy) void run()
      }),
  }
}

/** With the partitions they land in. */
export async function storeDecisions(db: Db, decisions: readonly DecisionWrite[]): Promise<ReadonlySet<string>> {
  await ensureDecisionDays(db, decisions)
  return await commitDecisions(db, decisions)
}

export async function ensureDecisionDays(db: Db, decisions: readonly DecisionWrite[]): Promise<void> {
  const times = decisions.map(({ candleTime }) => candleTime)
  await ensureDays(db, 'decisions', times)
  await ensureDays(db, 'signals', times)
}
