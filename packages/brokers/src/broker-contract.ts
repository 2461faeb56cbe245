import type { Test } from 'tap'
import type { Broker, BrokerAccount, BrokerOrder } from './broker.js'

export interface BrokerUnderTest {
  readonly broker: Broker
  /** Two accounts without open orders. */
  readonly account: BrokerAccount
  readonly other: BrokerAccount
}

/** An order that a broker in working order accepts. */
export function sampleOrder(changes: Partial<BrokerOrder> = {}): BrokerOrder {
  return {
    clientOrderId: 'order-1',
    symbol: 'BTCUSDT',
    direction: 'call',
    instrument: 'spot',
    stake: '10.00',
    currency: 'USD',
    payout: '0.85',
    timeframe: 'M5',
    expiryCandles: 1,
    decidedAt: Date.UTC(2026, 0, 5, 12),
    ...changes,
  }
}

/** What execution relies on, for every adapter. */
export function brokerContract(t: Test, make: (t: Test) => Promise<BrokerUnderTest>): void {
  t.test('an accepted order is found and open, in its account only', async (t) => {
    const { broker, account, other } = await make(t)
    const outcome = await broker.place(account, sampleOrder())
    t.match(outcome, { kind: 'accepted', orderId: String })
    const orderId = outcome.kind === 'accepted' ? outcome.orderId : ''
    t.same(await broker.find(account, 'order-1'), { kind: 'found', orderId })
    t.same(await broker.openOrders(account), {
      kind: 'known',
      orders: [{ clientOrderId: 'order-1', orderId, symbol: 'BTCUSDT' }],
    })
    t.same(await broker.find(other, 'order-1'), { kind: 'not-found' })
    t.same(await broker.openOrders(other), { kind: 'known', orders: [] })
  })

  t.test('the same client order id never makes a second order', async (t) => {
    const { broker, account } = await make(t)
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => broker.place(account, sampleOrder())))
    t.ok(outcomes.some(({ kind }) => kind === 'accepted'))
    t.ok(outcomes.every(({ kind }) => kind !== 'unknown'))
    const ids = new Set(outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.orderId : undefined)))
    ids.delete(undefined)
    t.equal(ids.size, 1)
    const open = await broker.openOrders(account)
    t.equal(open.kind === 'known' && open.orders.length, 1)
  })

  t.test('a refused order is not on the book', async (t) => {
    const { broker, account } = await make(t)
    t.match(await broker.place(account, sampleOrder({ stake: '0' })), { kind: 'refused', reason: String })
    t.same(await broker.find(account, 'order-1'), { kind: 'not-found' })
  })

  t.test('what was never placed is not found and cannot be closed', async (t) => {
    const { broker, account } = await make(t)
    t.same(await broker.find(account, 'nothing'), { kind: 'not-found' })
    const nothing = { clientOrderId: 'nothing', orderId: 'nothing', symbol: 'BTCUSDT' }
    t.match(await broker.close(account, nothing), { kind: 'refused', reason: String })
  })

  t.test('closing ends a spot position and nothing else', async (t) => {
    const { broker, account } = await make(t)
    await broker.place(account, sampleOrder())
    await broker.place(account, sampleOrder({ clientOrderId: 'order-2' }))
    const open = await broker.openOrders(account)
    const first = open.kind === 'known' ? open.orders.find((each) => each.clientOrderId === 'order-1') : undefined
    t.ok(first)
    if (first) t.match(await broker.close(account, first), { kind: 'accepted' })
    const left = await broker.openOrders(account)
    t.same(left.kind === 'known' && left.orders.map(({ clientOrderId }) => clientOrderId), ['order-2'])
  })

  t.test('a binary option, where there are any, cannot be closed', async (t) => {
    const { broker, account } = await make(t)
    if (!broker.instruments.includes('binary')) return void t.pass('this venue has none')
    await broker.place(account, sampleOrder({ instrument: 'binary' }))
    const open = await broker.openOrders(account)
    const order = open.kind === 'known' ? open.orders[0] : undefined
    t.ok(order)
    if (order) t.match(await broker.close(account, order), { kind: 'refused', reason: String })
    t.same(await broker.openOrders(account), open)
  })
}
