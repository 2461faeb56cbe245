import { createHash } from 'node:crypto'
import { type Db, orders, type TradeEvent, type TradeRow } from '@sath/db'
import { sql } from 'drizzle-orm'
import { clientOrderId } from '../execution/order-ids.js'
import type { PaperBook } from '../execution/paper-book.js'
import type { Market } from '../market/market.js'

type Close = Extract<TradeEvent, { kind: 'closed' }>

/**
 * Calls off what has not entered yet and closes what can be closed, at the last price, as far as it is `wanted`. Each close
 * has its exit order. Call it in turn. Returns the trades that ended.
 */
export async function recordExits(
  tenantId: string,
  wanted: (close: Close) => boolean,
  { db, book, market }: { readonly db: Db; readonly book: PaperBook; readonly market: Market },
): Promise<readonly TradeRow[]> {
  const mine = new Map(book.ofTenant(tenantId).map((trade) => [trade.placed.tradeId, trade]))
  const events = book
    .closeNow(tenantId, market.lastOf)
    .flatMap((event) => (event.kind === 'closed' && wanted(event) ? [event] : []))
  for (const event of events) {
    const placed = mine.get(event.tradeId)?.placed
    if (!placed || event.status === 'cancelled') continue
    const intentId = exitIntentId(event.tradeId)
    const { symbol, direction, stake, currency } = placed.order
    await db
      .insert(orders)
      .values({
        tenantId,
        tradeId: event.tradeId,
        purpose: 'exit',
        intentId,
        clientOrderId: clientOrderId(tenantId, intentId),
        account: placed.account,
        symbol,
        direction: direction === 'call' ? 'put' : 'call',
        amount: stake,
        currency,
        status: 'accepted',
        sendBefore: sql`now()`,
        sentAt: sql`now()`,
        answeredAt: sql`now()`,
      })
      .onConflictDoNothing()
  }
  return await market.settle(events)
}

/** One exit for each trade, however often it is asked for. */
function exitIntentId(tradeId: string): string {
  const hex = createHash('sha256').update(`exit ${tradeId}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
