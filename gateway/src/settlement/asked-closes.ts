import { askedCloses, type Db } from '@sath/db'
import type { Logger } from 'pino'
import type { PaperBook } from '../execution/paper-book.js'
import type { Market } from '../market/market.js'
import type { InTurn } from '../turns.js'
import { recordExits } from './exits.js'

/** Closes the positions that their rows ask to have closed, whether or not their bot runs; it hears of it as of every end. */
export async function closeAsked(deps: {
  readonly db: Db
  readonly log: Logger
  readonly book: PaperBook
  readonly market: Market
  readonly inTurn: InTurn
}): Promise<void> {
  const { db, log, market, inTurn } = deps
  for (const { tenantId, tradeIds } of await askedCloses(db, market.source)) {
    const asked = new Set(tradeIds)
    const closed = await inTurn(() => recordExits(tenantId, ({ tradeId }) => asked.has(tradeId), deps))
    if (closed.length > 0) log.info({ tenantId, tradeIds: closed.map(({ id }) => id) }, 'closed what was asked for')
  }
}
