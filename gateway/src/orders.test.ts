import { randomUUID } from 'node:crypto'
import { faultyBroker } from '@sath/brokers'
import { bots, orders, trades } from '@sath/db'
import { until, walk } from '@sath/testkit'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { scriptedBot } from './testing/bots.js'
import { config, recording, type Setup, setup, start, strategy } from './testing/setup.js'

const call = { direction: 'call', stake: '1.00' } as const
const market = (minutes: number, symbols = ['BTCUSDT']) =>
  Object.fromEntries(symbols.map((symbol, index) => [symbol, walk(minutes, { start, seed: index + 1 })]))

/** Waits until the recording is over: its last candle is decided by this bot. */
async function played(at: Setup, tenantId: string, minutes: number): Promise<void> {
  await until('the recording to be decided', async () => {
    const [row] = await at.db.execute<{ last: string }>(
      sql`select (extract(epoch from max(to_time)) * 1000)::text as last from decisions where tenant_id = ${tenantId}`,
    )
    return Number(row?.last) >= start + (minutes - 1) * 60_000
  })
}

t.setTimeout(300_000)

t.test('limits hold at the order, whatever a bot wishes', async (t) => {
  const cases: [string, Parameters<typeof config>[0], string, number, string][] = [
    ['trades a day of the plan', {}, 'free', 10, 'trades-per-day'],
    ['trades a day of the owner', { risk: { maxTradesPerDay: 3 } }, 'enterprise', 3, 'trades-per-day'],
    ['a stake over the plan', {}, 'free', 0, 'plan-limit'],
    ['exposure', { risk: { maxExposure: '0.50' } }, 'enterprise', 0, 'exposure'],
    ['a mode the plan does not have', { mode: 'live' }, 'free', 0, 'plan-limit'],
  ]
  const at = await setup(t)
  const made = await Promise.all(cases.map(([, changes, plan]) => at.tenant(config(changes), plan)))
  await at.gateway(recording(t, market(20)))
  const lines = made.map(({ runId }, index) =>
    scriptedBot(at.socketRoot, runId, () => ({
      ...call,
      stake: cases[index]?.[0].includes('stake') ? '5.01' : '1.00',
    })),
  )
  t.teardown(() => lines.map((line) => line.end()))
  for (const [index, [name, , , trades, outcome]] of cases.entries()) {
    const { tenantId } = made[index]!
    await played(at, tenantId, 20)
    t.equal((await at.tradesOf(tenantId)).length, trades, name)
    t.ok((await at.decisionsOf(tenantId)).at(-1)?.includes(` ${outcome} `), `${name}: the decision says why`)
  }
})

t.test('entries of one moment race a day that is nearly full', async (t) => {
  const at = await setup(t)
  const symbols = ['AAUSDT', 'BBUSDT', 'CCUSDT', 'DDUSDT', 'EEUSDT', 'FFUSDT', 'GGUSDT', 'HHUSDT']
  const strategies = symbols.map((symbol) => strategy({ symbols: [symbol] }))
  const { tenantId, runId } = await at.tenant(config({ strategies, risk: { maxTradesPerDay: 13 } }))
  await at.gateway(recording(t, market(6, symbols)))
  const line = scriptedBot(at.socketRoot, runId, () => call)
  t.teardown(() => line.end())
  await until('every candle to be decided', async () => (await at.decisionsOf(tenantId)).length === 6 * 8)
  const rows = await at.tradesOf(tenantId)
  t.equal(rows.length, 13, 'eight at a time, and never one too many')
  const refused = line.heard.flatMap((message) =>
    message.type === 'trade' && message.trade.status === 'refused' ? [message.trade] : [],
  )
  t.equal(refused.length, 6 * 8 - 13)
  t.ok(
    refused.every(({ reason }) => reason),
    'each with the reason why',
  )
})

t.test('no entry passes a hold or a raised epoch, and what is open is settled all the same', async (t) => {
  const at = await setup(t)
  const held = await at.tenant()
  const revoked = await at.tenant()
  await at.gateway(recording(t, market(12)))
  let minutes = 0
  const script = () => {
    minutes++
    return call
  }
  const first = scriptedBot(at.socketRoot, held.runId, script)
  const second = scriptedBot(at.socketRoot, revoked.runId, script)
  t.teardown(() => [first.end(), second.end()])
  await until('some trades', () => minutes > 6)
  await at.db.update(bots).set({ hold: 'admin' }).where(eq(bots.tenantId, held.tenantId))
  await at.db.update(bots).set({ epoch: 2 }).where(eq(bots.tenantId, revoked.tenantId))
  const [{ now }] = (await at.db.execute<{ now: string }>(sql`select clock_timestamp()::text as now`)) as unknown as [
    { now: string },
  ]
  await played(at, held.tenantId, 12)
  const late = await at.db.execute<{ n: number }>(sql`select count(*)::int as n from orders where created_at > ${now}`)
  t.equal(late[0]?.n, 0)
  await until('all to be settled', async () => {
    const rows = await at.db.select().from(trades)
    return rows.length > 0 && rows.every(({ status }) => status !== 'open' && status !== 'pending')
  })
})

t.test('an answer that got lost is asked for, and nothing is sent twice', async (t) => {
  for (const fault of ['unknown-after', 'hang-after', 'throw-after', 'unknown-before'] as const) {
    const at = await setup(t)
    const { tenantId, runId } = await at.tenant()
    const places: string[] = []
    let finds = 0
    let broken = true
    const gateway = await at.gateway(recording(t, market(8), 20), {
      timing: { lockStepMs: 1_000, brokerTimeoutMs: 50 },
      wrapBroker: (broker) =>
        faultyBroker(broker, ({ verb, clientOrderId }) => {
          if (verb === 'place') places.push(clientOrderId ?? '')
          if (verb === 'find') finds++
          return verb === 'place' && broken ? fault : undefined
        }),
    })
    let asked = 0
    const line = scriptedBot(at.socketRoot, runId, () => (asked++ === 0 ? call : 'none'))
    await until('the order', async () => {
      const rows = await at.ordersOf(tenantId)
      return rows[0]?.status === (fault === 'unknown-before' ? 'unknown' : 'accepted') && rows
    })
    broken = false
    t.equal(places.length, 1, `${fault}: sent once`)
    if (fault === 'unknown-before') {
      await until('it to be asked for again and again', () => finds >= 3)
      const [still] = await at.ordersOf(tenantId)
      t.equal(still!.status, 'unknown', 'not found proves nothing while it may still be under way')
    } else {
      const [trade] = await until('its end', async () => {
        const rows = await at.tradesOf(tenantId)
        return rows[0]?.closedAt && rows
      })
      t.equal(trade!.openedAt?.getTime(), start + 60_000, 'entered where it would have been')
    }
    line.end()
    await gateway.close()
  }
})

t.test('a broker that hangs for one tenant delays nobody else', async (t) => {
  const at = await setup(t)
  const stuck = await at.tenant()
  const fine = await at.tenant()
  await at.gateway(recording(t, market(10)), {
    timing: { lockStepMs: 3_000, brokerTimeoutMs: 25_000 },
    wrapBroker: (broker) =>
      faultyBroker(broker, ({ account }) => (account.id === `paper:${stuck.tenantId}` ? 'hang-before' : undefined)),
  })
  const lines = [stuck, fine].map(({ runId }) => scriptedBot(at.socketRoot, runId, () => call))
  t.teardown(() => lines.map((line) => line.end()))
  const before = performance.now()
  await played(at, fine.tenantId, 10)
  t.ok(performance.now() - before < 20_000, 'the market waited 3 s once, not every one of ten minutes')
  const rows = await at.tradesOf(fine.tenantId)
  t.ok(rows.filter(({ status }) => status === 'win' || status === 'loss').length >= 8)
  t.ok((await at.ordersOf(stuck.tenantId)).every(({ status }) => status === 'pending'))
})

t.test('an entry on a live account is refused for all to see', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant(
    config({ mode: 'live', strategies: [strategy({ brokerAccountId: randomUUID() })] }),
  )
  await at.gateway(recording(t, market(4)))
  const line = scriptedBot(at.socketRoot, runId, () => call)
  t.teardown(() => line.end())
  await played(at, tenantId, 4)
  const rows = await at.tradesOf(tenantId)
  t.ok(
    rows.length > 0 && rows.every(({ status, reason }) => status === 'refused' && reason.startsWith('not-available')),
  )
  t.equal((await at.ordersOf(tenantId)).length, 0)
})

t.test('a manual order needs no running bot', async (t) => {
  const at = await setup(t)
  const owner = await at.tenant()
  const { tenantId, runId } = await at.tenant(config({ strategies: [strategy({ symbols: ['ETHUSDT'] })] }))
  await at.db.update(bots).set({ desiredState: 'stopped' }).where(eq(bots.tenantId, owner.tenantId))
  await at.phase(owner.runId, 'exited')
  await at.gateway(recording(t, market(300, ['BTCUSDT', 'ETHUSDT']), 40))
  const line = scriptedBot(at.socketRoot, runId, () => 'none')
  t.teardown(() => line.end())
  await until('the market to move', () => line.heard.length > 3)
  const tradeId = randomUUID()
  await at.db.transaction(async (tx) => {
    await tx.insert(trades).values({
      id: tradeId,
      tenantId: owner.tenantId,
      symbol: 'BTCUSDT',
      source: 'replay',
      account: 'paper',
      instrument: 'binary',
      direction: 'put',
      stake: '2',
      currency: 'USD',
      payout: '0.85',
      durationMs: 60_000,
      signalTime: new Date(start),
      marketDay: '2024-12-02',
    })
    await tx.insert(orders).values({
      tenantId: owner.tenantId,
      tradeId,
      purpose: 'manual',
      intentId: randomUUID(),
      clientOrderId: 'm1',
      account: 'paper',
      symbol: 'BTCUSDT',
      direction: 'put',
      amount: '2',
      currency: 'USD',
      sendBefore: sql`now() + interval '5 seconds'`,
    })
  })
  const [trade] = await until('its end', async () => {
    const rows = await at.tradesOf(owner.tenantId)
    return rows[0]?.closedAt && rows
  })
  t.equal(trade!.closedAt!.getTime() - trade!.openedAt!.getTime(), 60_000)
  t.ok(trade!.openedAt!.getTime() > start + 60_000, 'entered when it was ordered, not in the past')
  t.equal((await at.tradesOf(tenantId)).length, 0)
})

t.test('an order that was under way on another market is never settled by the prices of this one', async (t) => {
  const at = await setup(t)
  const { tenantId, runId, strategyId } = await at.tenant()
  const tradeId = randomUUID()
  await at.db.transaction(async (tx) => {
    const same = { tenantId, runId, epoch: 1, account: 'paper', symbol: 'BTCUSDT', currency: 'USD' } as const
    const time = new Date(start)
    await tx.insert(trades).values({
      ...same,
      id: tradeId,
      strategyId,
      configVersion: 1,
      source: 'binance',
      instrument: 'binary',
      direction: 'call',
      stake: '1',
      payout: '0.85',
      durationMs: 60_000,
      signalTime: time,
      marketDay: '2024-12-02',
    })
    await tx.insert(orders).values({
      ...same,
      tradeId,
      purpose: 'entry',
      intentId: randomUUID(),
      clientOrderId: 'e1',
      direction: 'call',
      amount: '1',
      sendBefore: sql`now() - interval '10 seconds'`,
      sentAt: sql`now() - interval '15 seconds'`,
    })
  })
  await at.gateway(recording(t, market(300), 100))
  const [trade] = await until('an answer', async () => {
    const rows = await at.tradesOf(tenantId)
    return rows[0]?.status !== 'pending' && rows
  })
  t.match(trade, { status: 'refused', openedAt: null, reason: 'the broker does not have it' })
})
