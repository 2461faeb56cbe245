import { type AnsweredOrder, type Db, recordAnswers, type TradeRow } from '@sath/db'
import { createGroupCommit } from '../group-commit.js'
import { type PersistOptions, persist } from '../persist.js'

/** Stores what a broker said. Resolves with the trade as it is now; undefined: the order was answered already. */
export type AnswerWriter = (answered: AnsweredOrder) => Promise<TradeRow | undefined>

export function createAnswerWriter(db: Db, insist: PersistOptions): AnswerWriter {
  const store = async (answers: readonly AnsweredOrder[]) => {
    const rows = await persist('order answers', () => recordAnswers(db, answers), insist)
    return answers.map(({ tradeId }) => rows.get(tradeId))
  }
  return createGroupCommit({ store, alone: async (answered) => (await store([answered]))[0], mostAtOnce: 500 })
}
