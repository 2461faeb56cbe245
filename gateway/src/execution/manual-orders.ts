import { claimManualOrders, type Db } from '@sath/db'
import type { Logger } from 'pino'
import type { Market } from '../market/market.js'
import type { OrderDesk } from './order-desk.js'
import { placedFromRows } from './placed-order.js'

/** Sends what people ordered by hand: their rows are written by the API, within the same limits and behind the same fence. */
export async function sendManualOrders(deps: {
  readonly db: Db
  readonly log: Logger
  readonly market: Market
  readonly desk: OrderDesk
}): Promise<void> {
  for (const row of await claimManualOrders(deps.db, deps.market.source)) {
    const placed = placedFromRows(row)
    const decidedAt = Math.max(placed.order.decidedAt, deps.market.now ?? 0)
    const { tenantId, intentId, orderId } = placed
    deps.log.info({ tenantId, intentId, orderId, symbol: placed.order.symbol }, 'manual order taken')
    deps.desk.send({ ...placed, order: { ...placed.order, decidedAt } }, performance.now() - row.overdueMs)
  }
}
