import { type Db, leftoverTrades, noteLateCloses } from '@sath/db'
import type { Logger } from 'pino'
import type { PaperBook } from '../execution/paper-book.js'
import type { Market } from '../market/market.js'
import type { InTurn } from '../turns.js'
import { recordExits } from './exits.js'

/**
 * Does what a stop asks for where there is no run to settle any more: the bot had crashed and waited for its next try, was
 * held after its last crash, or was stopped before its container ran. What its runs left open stays open otherwise.
 */
export async function closeLeftovers(deps: {
  readonly db: Db
  readonly log: Logger
  readonly book: PaperBook
  readonly market: Market
  readonly inTurn: InTurn
}): Promise<void> {
  const { db, log, market, inTurn } = deps
  for (const { tenantId, tradeIds } of await leftoverTrades(db, market.source)) {
    const unwanted = new Set(tradeIds)
    const closed = await inTurn(() => recordExits(tenantId, ({ tradeId }) => unwanted.has(tradeId), deps))
    if (closed.length === 0) continue
    await noteLateCloses(db, tenantId, closed)
    log.info({ tenantId, tradeIds: closed.map(({ id }) => id) }, 'closed what a stopped bot had left')
  }
}
