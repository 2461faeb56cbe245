import { money } from '@sath/core'
import type { Broker, BrokerAccount, BrokerOrder, OpenOrder } from './broker.js'

/** An order that a row says was accepted and is not closed. */
export type PaperOrder = Pick<BrokerOrder, 'clientOrderId' | 'symbol' | 'instrument'>

export interface PaperBroker extends Broker {
  /** At start: the account's accepted orders, from the rows. An order without such a row was never accepted. */
  restore(account: BrokerAccount, orders: readonly PaperOrder[]): void
  /** The order's trade is closed: it is off the book. */
  settled(account: BrokerAccount, clientOrderId: string): void
}

interface BookEntry extends OpenOrder {
  readonly instrument: PaperOrder['instrument']
}

/**
 * A venue that exists only in rows. It answers as a venue would; what becomes of an accepted order is decided by the pure
 * functions of paper-trade.ts over candles. Its book is rebuilt from the rows at start, so a lost process loses nothing.
 */
export function createPaperBroker(): PaperBroker {
  const books = new Map<string, Map<string, BookEntry>>()

  function bookOf({ id }: BrokerAccount): Map<string, BookEntry> {
    const book = books.get(id) ?? new Map<string, BookEntry>()
    books.set(id, book)
    return book
  }

  const enter = ({ clientOrderId, symbol, instrument }: PaperOrder): BookEntry => ({
    clientOrderId,
    orderId: `paper-${clientOrderId}`,
    symbol,
    instrument,
  })

  function remove(account: BrokerAccount, clientOrderId: string): void {
    const book = books.get(account.id)
    book?.delete(clientOrderId)
    if (book?.size === 0) books.delete(account.id)
  }

  return {
    id: 'paper',
    instruments: ['binary', 'spot'],
    async place(account, order) {
      const fault = faultOf(order)
      if (fault) return { kind: 'refused', reason: fault }
      const entry = bookOf(account).get(order.clientOrderId) ?? enter(order)
      bookOf(account).set(order.clientOrderId, entry)
      return { kind: 'accepted', orderId: entry.orderId }
    },
    async find(account, clientOrderId) {
      const entry = books.get(account.id)?.get(clientOrderId)
      return entry ? { kind: 'found', orderId: entry.orderId } : { kind: 'not-found' }
    },
    async openOrders(account) {
      const orders = [...(books.get(account.id)?.values() ?? [])]
      return {
        kind: 'known',
        orders: orders.map(({ clientOrderId, orderId, symbol }) => ({ clientOrderId, orderId, symbol })),
      }
    },
    async close(account, { clientOrderId }) {
      const entry = books.get(account.id)?.get(clientOrderId)
      if (!entry) return { kind: 'refused', reason: 'there is no such position' }
      if (entry.instrument === 'binary') {
        return { kind: 'refused', reason: 'a binary option cannot be closed before its expiry' }
      }
      remove(account, clientOrderId)
      return { kind: 'accepted', orderId: entry.orderId }
    },
    restore(account, orders) {
      for (const order of orders) bookOf(account).set(order.clientOrderId, enter(order))
    },
    settled: remove,
  }
}

function faultOf({ stake, payout, instrument, expiryCandles }: BrokerOrder): string | undefined {
  if (!money.isPositive(stake)) return 'the stake must be positive'
  if (instrument === 'binary' && !money.isPositive(payout)) return 'the payout must be positive'
  if (!Number.isInteger(expiryCandles) || expiryCandles < 1) return 'the expiry must be at least one candle'
  return undefined
}
