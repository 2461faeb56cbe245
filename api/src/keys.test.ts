import { randomUUID } from 'node:crypto'
import { brokerAccounts, credentials, jobs, orders, trades } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { config, setup, strategy, verdict } from './app.fixture.js'
import { hintOf } from './keys/hint.js'

const app = await setup(t)
const { db, call } = app
const secret = 'canary-secret-7f3a'
const key = {
  broker: 'binance',
  environment: 'testnet',
  label: 'Mine',
  credentials: { apiKey: 'PUBLICKEY-1234', apiSecret: secret },
}

t.test('a broker key goes in sealed and never comes out', async (t) => {
  const user = await app.user()
  const added = await call('POST', '/v1/keys/exchange', { as: user, body: key })
  t.match(
    [added.statusCode, added.json()],
    [
      201,
      {
        broker: 'binance',
        environment: 'testnet',
        label: 'Mine',
        hint: '1234',
        status: 'untested',
        balance: null,
        lastTest: null,
      },
    ],
  )
  const { id } = added.json<{ id: string }>()
  const [row] = await db.select().from(credentials).where(eq(credentials.id, id))
  t.notMatch(Buffer.from(row!.sealed).toString('latin1'), /canary|PUBLICKEY/)
  t.equal(row?.keyId, 'test')
  await db.insert(brokerAccounts).values({
    tenantId: user.id,
    account: id,
    credentialId: id,
    currency: 'USDT',
    startBalance: '10',
    balance: '12.50',
  })
  const list = await call('GET', '/v1/keys/exchange', { as: user })
  t.match(list.json(), { items: [{ id, balance: { amount: '12.5', currency: 'USDT' } }], nextCursor: null })
  const replaced = await call('PUT', `/v1/keys/exchange/${id}`, {
    as: user,
    body: { credentials: { apiKey: 'OTHERKEY-9876', apiSecret: secret } },
  })
  t.match(replaced.json(), { id, hint: '9876', label: 'Mine', status: 'untested', balance: null })
  const whole = { ...key, credentials: { apiKey: 'OTHERKEY-5555', api_secret: secret } }
  t.match((await call('PUT', `/v1/keys/exchange/${id}`, { as: user, body: whole })).json(), { id, hint: '5555' })
  for (const other of [{ broker: 'iqoption' }, { environment: 'live' }])
    t.equal(
      verdict(await call('PUT', `/v1/keys/exchange/${id}`, { as: user, body: { ...whole, ...other } })),
      '400 invalid-request',
      'a key of another kind is another key',
    )
  const seen =
    [added, list, replaced].map(({ body }) => body).join() +
    app.lines.join() +
    JSON.stringify(await db.execute('select * from audit_log'))
  t.notMatch(seen, /canary/, 'not in an answer, the log or the audit')
})

t.test('the brokers, and what a key of each consists of', async (t) => {
  t.equal(verdict(await call('GET', '/v1/brokers')), '401 unauthenticated')
  const user = await app.user()
  const { items } = (await call('GET', '/v1/brokers', { as: user })).json<{ items: BrokerItem[] }>()
  t.match(items, [
    { id: 'paper', credentialFields: [], trading: 'available' },
    { id: 'binance', name: 'Binance Spot', trading: 'not-available', advice: /never allow withdrawals/i },
  ])
  for (const { id: broker, credentialFields } of items.filter((one) => one.credentialFields.length > 0)) {
    t.ok(
      credentialFields.some((field) => field.secret),
      `${broker}: something of it is not to be seen`,
    )
    const credentials = Object.fromEntries(credentialFields.map(({ name }) => [name, 'PUBLICKEY-1234']))
    const body = { broker, environment: 'testnet', credentials }
    t.equal(verdict(await call('POST', '/v1/keys/exchange', { as: user, body })), '201', `${broker} takes such a key`)
  }
})

interface BrokerItem {
  readonly id: string
  readonly credentialFields: readonly { readonly name: string; readonly secret: boolean }[]
}

t.test('a key that a strategy names, or orders were placed with, stays', async (t) => {
  const user = await app.user()
  const { id } = (await call('POST', '/v1/keys/exchange', { as: user, body: key })).json<{ id: string }>()
  const save = (version: number, over: object) =>
    call('PUT', '/v1/bot/config', { as: user, body: { version, config: config({ strategies: [strategy(over)] }) } })
  t.equal(verdict(await save(0, { brokerAccountId: id })), '200')
  t.equal(verdict(await call('DELETE', `/v1/keys/exchange/${id}`, { as: user })), '409 in-use')
  t.equal(verdict(await save(1, {})), '200')
  const trade = {
    id: randomUUID(),
    tenantId: user.id,
    symbol: 'X',
    source: 's',
    account: id,
    instrument: 'binary' as const,
    direction: 'call' as const,
    stake: '1',
    currency: 'USD',
    payout: '0.8',
    signalTime: new Date(),
    marketDay: '2024-01-01',
  }
  await db.insert(trades).values(trade)
  const order = {
    tenantId: user.id,
    tradeId: trade.id,
    purpose: 'manual' as const,
    intentId: randomUUID(),
    clientOrderId: randomUUID(),
    account: id,
    credentialId: id,
    symbol: 'X',
    direction: 'call' as const,
    amount: '1',
    currency: 'USD',
    sendBefore: new Date(),
  }
  await db.insert(orders).values(order)
  t.equal(verdict(await call('DELETE', `/v1/keys/exchange/${id}`, { as: user })), '409 in-use')
  await db.delete(orders).where(eq(orders.tradeId, trade.id))
  t.equal(verdict(await call('DELETE', `/v1/keys/exchange/${id}`, { as: user })), '204')
  t.equal(verdict(await call('DELETE', `/v1/keys/exchange/${id}`, { as: user })), '404 not-found')
})

t.test('AI keys, and tests of either kind', async (t) => {
  const user = await app.user()
  const added = await call('POST', '/v1/keys/ai', { as: user, body: { provider: 'openai', apiKey: 'sk-canary-abcd' } })
  t.match([added.statusCode, added.json()], [201, { provider: 'openai', hint: 'abcd', status: 'untested' }])
  const { id } = added.json<{ id: string }>()
  t.match((await call('GET', '/v1/keys/ai', { as: user })).json(), { items: [{ id }] })
  const headers = { 'idempotency-key': 'once' }
  const started = await Promise.all(
    Array.from({ length: 10 }, () => call('POST', '/v1/keys/test', { as: user, headers, body: { id } })),
  )
  t.equal(new Set(started.map(({ body }) => body)).size, 1)
  const { testId } = started[0]!.json<{ testId: string }>()
  t.equal((await db.select().from(jobs).where(eq(jobs.tenantId, user.id))).length, 1)
  const test = async () => (await call('GET', `/v1/keys/test/${testId}`, { as: user })).json()
  t.same(await test(), { status: 'pending', detail: null })
  await db
    .update(jobs)
    .set({ status: 'done', result: { status: 'ok', detail: 'balance read' } })
    .where(eq(jobs.id, testId))
  t.same(await test(), { status: 'ok', detail: 'balance read' })
  await db
    .update(jobs)
    .set({ status: 'done', result: { status: 'failed', detail: 'refused' } })
    .where(eq(jobs.id, testId))
  t.same(await test(), { status: 'failed', detail: 'refused' })
  t.equal(verdict(await call('DELETE', `/v1/keys/ai/${id}`, { as: user })), '204')
})

t.test('somebody else’s keys are not there', async (t) => {
  const [owner, other] = [await app.user(), await app.user()]
  const { id } = (await call('POST', '/v1/keys/exchange', { as: owner, body: key })).json<{ id: string }>()
  const body = { credentials: { apiKey: 'a', apiSecret: 'b' } }
  t.equal(verdict(await call('PUT', `/v1/keys/exchange/${id}`, { as: other, body })), '404 not-found')
  t.equal(verdict(await call('DELETE', `/v1/keys/exchange/${id}`, { as: other })), '404 not-found')
  t.equal(verdict(await call('DELETE', `/v1/keys/ai/${id}`, { as: owner })), '404 not-found', 'of another kind')
  t.equal(verdict(await call('POST', '/v1/keys/test', { as: other, body: { id } })), '404 not-found')
  t.same((await call('GET', '/v1/keys/exchange', { as: other })).json(), { items: [], nextCursor: null })
  const config1 = config({ strategies: [strategy({ brokerAccountId: id })] })
  t.equal(
    verdict(await call('PUT', '/v1/bot/config', { as: other, body: { version: 0, config: config1 } })),
    '400 invalid-request',
  )
  const { testId } = (await call('POST', '/v1/keys/test', { as: owner, body: { id } })).json<{ testId: string }>()
  t.equal(verdict(await call('GET', `/v1/keys/test/${testId}`, { as: other })), '404 not-found')
  t.equal(
    verdict(await call('POST', '/v1/keys/exchange', { as: owner, body: { ...key, credentials: {} } })),
    '400 invalid-request',
  )
})

t.test('a hint shows the end of the public part and never more than half', async (t) => {
  t.equal(hintOf({ apiSecret: 'secret-secret', apiKey: 'abcdefgh' }), 'efgh')
  t.equal(hintOf({ apiKey: 'abcd' }), 'cd')
  t.equal(hintOf({ apiKey: 'a' }), '')
  t.equal(hintOf({ api_secret: 'secret-secret', api_key: 'abcdefgh' }), 'efgh')
  t.equal(hintOf({ password: 'something', pin: '1234' }), '')
})
