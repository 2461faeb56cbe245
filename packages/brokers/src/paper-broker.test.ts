import t from 'tap'
import { boundedBroker } from './bounded-broker.js'
import { brokerContract, sampleOrder } from './broker-contract.js'
import { type BrokerFault, faultyBroker } from './faulty-broker.js'
import { createPaperBroker } from './paper-broker.js'

const [account, other] = [{ id: 'paper:1' }, { id: 'paper:2' }]

t.test('the paper broker', async (t) =>
  brokerContract(t, async () => ({ broker: createPaperBroker(), account, other })),
)
t.test('the paper broker with a time limit', async (t) =>
  brokerContract(t, async () => ({ broker: boundedBroker(createPaperBroker(), { timeoutMs: 1_000 }), account, other })),
)
t.test('the faulty broker without a fault', async (t) =>
  brokerContract(t, async () => ({ broker: faultyBroker(createPaperBroker(), () => undefined), account, other })),
)

t.test('a restarted paper broker has the book its rows say', async (t) => {
  const broker = createPaperBroker()
  broker.restore(account, [sampleOrder(), sampleOrder({ clientOrderId: 'order-2' })])
  t.match(await broker.find(account, 'order-1'), { kind: 'found', orderId: 'paper-order-1' })
  t.same(await broker.find(account, 'order-3'), { kind: 'not-found' }, 'no row says that it was accepted')
  broker.settled(account, 'order-1')
  broker.settled(account, 'order-1')
  broker.settled(other, 'order-1')
  const open = await broker.openOrders(account)
  t.same(open.kind === 'known' && open.orders.map(({ clientOrderId }) => clientOrderId), ['order-2'])
})

const refusals: [string, Parameters<typeof sampleOrder>[0]][] = [
  ['a negative stake', { stake: '-1' }],
  ['an option without payout', { instrument: 'binary', payout: '0' }],
  ['no candles until expiry', { expiryCandles: 0 }],
  ['half a candle until expiry', { expiryCandles: 0.5 }],
]
for (const [what, changes] of refusals) {
  t.test(`refuses ${what}`, async (t) =>
    t.match(await createPaperBroker().place(account, sampleOrder(changes)), { kind: 'refused', reason: String }),
  )
}

/** What the caller sees within 30 ms, and whether the order is on the book. */
const faults: [BrokerFault, 'accepted' | 'unknown', boolean][] = [
  ['unknown-before', 'unknown', false],
  ['unknown-after', 'unknown', true],
  ['throw-before', 'unknown', false],
  ['throw-after', 'unknown', true],
  ['hang-before', 'unknown', false],
  ['hang-after', 'unknown', true],
  [{ latencyMs: 1 }, 'accepted', true],
]
for (const [fault, kind, placed] of faults) {
  t.test(`${JSON.stringify(fault)}: ${kind}, and the order is ${placed ? '' : 'not '}on the book`, async (t) => {
    const paper = createPaperBroker()
    const faulty = faultyBroker(paper, ({ verb, account: { id } }) =>
      verb === 'place' && id === account.id ? fault : undefined,
    )
    const broker = boundedBroker(faulty, { timeoutMs: 30 })
    t.match(await broker.place(account, sampleOrder()), { kind })
    t.match(await broker.find(account, 'order-1'), { kind: placed ? 'found' : 'not-found' })
    t.match(await broker.place(other, sampleOrder()), { kind: 'accepted' }, 'another account feels nothing')
  })
}

t.test('a bounded broker repeats nothing of an error’s message', async (t) => {
  const broken = faultyBroker(createPaperBroker(), () => 'throw-before')
  const broker = boundedBroker(broken, { timeoutMs: 30 })
  t.same(await broker.find(account, 'order-1'), { kind: 'unknown', reason: 'Error' })
  t.same(await broker.openOrders(account), { kind: 'unknown', reason: 'Error' })
})
