import { commitDecisions, type Db, type DecisionWrite, ensureDays, slotKey } from '@sath/db'
import { createGroupCommit } from '../group-commit.js'
import { type PersistOptions, persist } from '../persist.js'

export interface DecisionWriter {
  /**
   * Stores a decision that trades nothing. False: its candle was decided already, or its epoch is over. At most one per slot
   * may be under way.
   *
   * @throws what the database has against this very row
   */
  write(decision: DecisionWrite): Promise<boolean>
}

export function createDecisionWriter(db: Db, insist: PersistOptions): DecisionWriter {
  const store = async (decisions: readonly DecisionWrite[]) => {
    const saved = await persist('decisions', () => storeDecisions(db, decisions), insist)
    return decisions.map((decision) => saved.has(slotKey(decision)))
  }
  const write = createGroupCommit({
    store,
    alone: async (decision: DecisionWrite) => (await store([decision]))[0] === true,
    mostAtOnce: 500,
  })
  return { write }
}

/** With the partitions they land in. */
async function storeDecisions(db: Db, decisions: readonly DecisionWrite[]): Promise<ReadonlySet<string>> {
  await ensureDecisionDays(db, decisions)
  return await commitDecisions(db, decisions)
}

export async function ensureDecisionDays(db: Db, decisions: readonly DecisionWrite[]): Promise<void> {
  const times = decisions.map(({ candleTime }) => candleTime)
  await ensureDays(db, 'decisions', times)
  await ensureDays(db, 'signals', times)
}
