import { auditLog, payments } from '@sath/db'
import { desc, eq, sql } from 'drizzle-orm'
import t from 'tap'
import { setup, type TestUser, verdict } from './app.fixture.js'
import { csvCell } from './views/ledger-csv.js'

const app = await setup(t)
const { db, call } = app
const admin = await app.user('admin')
const support = await app.user('support')

interface Payment {
  readonly id: string
  readonly amount: string
}
interface Page {
  readonly items: readonly Payment[]
  readonly nextCursor: string | null
}
const record = (as: TestUser, body: object, headers = {}) => call('POST', '/v1/admin/payments', { as, body, headers })
const change = (as: TestUser, id: string, body: object) => call('PUT', `/v1/admin/payments/${id}`, { as, body })
const lastAudit = async () =>
  (await db.select().from(auditLog).orderBy(desc(auditLog.time), desc(auditLog.id)).limit(1))[0]
const planOf = async (user: TestUser) => {
  const { plan, source } = (await call('GET', '/v1/billing/subscription', { as: user })).json<Record<string, string>>()
  return [plan, source]
}
function paid(user: TestUser, over: object = {}) {
  const money = { method: 'transfer', amount: '99.00', currency: 'USD', reference: crypto.randomUUID() }
  return { userId: user.id, ...money, proof: 'https://bank.example/7', plan: 'pro', days: 30, ...over }
}

t.test('a payment that an admin saw gives its plan, and both see it', async (t) => {
  const user = await app.user()
  const body = { ...paid(user), paidAt: '2026-01-31T12:00:00+01:00' }
  const made = await record(admin, body)
  t.equal(made.statusCode, 201)
  const { userId: _, paidAt: __, ...same } = body
  t.match(made.json(), {
    ...same,
    userId: user.id,
    email: user.email,
    refunded: '0.00',
    status: 'paid',
    recordedBy: admin.id,
    paidAt: '2026-01-31T11:00:00.000Z',
    grant: { startsAt: String, endsAt: String },
  })
  const { id } = made.json<Payment>()
  t.match(await lastAudit(), { action: 'admin.payment.record', actorId: admin.id, target: id })
  t.same(await planOf(user), ['pro', 'payment'])
  t.same((await record(admin, body)).json(), made.json(), 'told twice it is once')
  t.match(await lastAudit(), { action: 'admin.again', actorId: admin.id })
  t.equal(verdict(await record(admin, { ...body, amount: '1.00' })), '409 in-use')
  const own = (await call('GET', '/v1/billing/payments', { as: user })).json<Page>()
  t.match(own, { items: [{ id, amount: '99.00', plan: 'pro', days: 30 }], nextCursor: null })
  t.notOk(Object.hasOwn(own.items[0] ?? {}, 'proof'), 'what an admin wrote is for admins')
  t.same((await call('GET', '/v1/billing/payments', { as: await app.user() })).json<Page>().items, [])
  t.match((await call('GET', `/v1/admin/payments?user=${user.id}`, { as: support })).json<Page>().items, [{ id }])
})

t.test('refunds and disputes take the days back', async (t) => {
  const user = await app.user()
  const { id } = (await record(admin, paid(user))).json<Payment>()
  t.match((await change(admin, id, { status: 'partially-refunded', refunded: '9.00' })).json(), { refunded: '9.00' })
  t.same(await planOf(user), ['pro', 'payment'])
  t.match((await change(admin, id, { status: 'disputed' })).json(), { status: 'disputed' })
  t.match(await lastAudit(), { action: 'admin.payment.change', target: id, fields: { status: 'disputed' } })
  t.same(await planOf(user), ['free', 'default'])
  await change(admin, id, { status: 'disputed' })
  t.match(await lastAudit(), { action: 'admin.again', target: id })
  t.match((await change(admin, id, { status: 'paid' })).json(), { status: 'paid', refunded: '0.00' })
  t.same(await planOf(user), ['pro', 'payment'])
  t.match((await change(admin, id, { status: 'refunded' })).json(), { status: 'refunded', refunded: '99.00' })
  t.same(await planOf(user), ['free', 'default'])
  for (const [body, why] of [
    [{ status: 'partially-refunded' }, '400 invalid-request'],
    [{ status: 'refunded', refunded: '1.00' }, '400 invalid-request'],
    [{ status: 'partially-refunded', refunded: '99.00' }, '400 invalid-request'],
    [{ status: 'partially-refunded', refunded: '1.001' }, '400 invalid-request'],
  ] as const)
    t.equal(verdict(await change(admin, id, body)), why, JSON.stringify(body))
  t.equal(verdict(await change(support, id, { status: 'paid' })), '403 forbidden')
  t.equal(verdict(await change(admin, crypto.randomUUID(), { status: 'paid' })), '404 not-found')
})

t.test('amounts are of their currency, exactly', async (t) => {
  const user = await app.user()
  for (const [amount, currency, minor, shown] of [
    ['12', 'EUR', '1200', '12.00'],
    ['12.5', 'EUR', '1250', '12.50'],
    ['1500', 'JPY', '1500', '1500'],
    ['1.234', 'KWD', '1234', '1.234'],
    ['999999999999.99', 'USD', '99999999999999', '999999999999.99'],
  ] as const) {
    const { id, amount: said } = (await record(admin, paid(user, { amount, currency }))).json<Payment>()
    const [row] = await db.select({ minor: sql<string>`amount_minor::text` }).from(payments).where(eq(payments.id, id))
    t.same([said, row?.minor], [shown, minor], `${amount} ${currency}`)
  }
  for (const over of [
    { amount: '1.5', currency: 'JPY' },
    { amount: '1.005' },
    { amount: '0.00' },
    { amount: '-1.00' },
    { amount: '1e3' },
    { amount: 99 },
    { currency: 'BTC' },
    { currency: 'usd' },
    { method: 'stripe' },
    { plan: 'none' },
    { days: 0 },
    { reference: ' ' },
    { paidAt: '2999-01-01T00:00:00Z' },
    { proof: undefined, surprise: 1 },
  ])
    t.equal(verdict(await record(admin, paid(user, over))), '400 invalid-request', JSON.stringify(over))
  t.equal(verdict(await record(admin, paid(user, { userId: crypto.randomUUID() }))), '404 not-found')
  t.equal(verdict(await record(support, paid(user))), '403 forbidden')
  t.equal(verdict(await record(user, paid(user))), '403 forbidden')
})

/** Reads CSV as RFC 4180 has it, strictly. */
function parse(text: string): string[][] {
  const lines: string[][] = []
  let rest = text
  let line: string[] = []
  while (rest !== '') {
    const [whole, quoted, plain = '', end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? []
    if (whole === undefined) throw new Error(`not CSV: ${JSON.stringify(rest.slice(0, 60))}`)
    line.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') {
      lines.push(line)
      line = []
    }
    rest = rest.slice(whole.length)
  }
  return lines
}

t.test('the ledger for the accountant', async (t) => {
  const user = await app.user()
  const nasty = '=HYPERLINK("http://evil.example","a"),\r\n"quoted"'
  const at = (day: number) => ({ paidAt: `2025-03-0${day}T00:00:00Z` })
  await record(admin, paid(user, { ...at(1), proof: nasty, reference: '+1-1', amount: '10.00' }))
  await record(admin, paid(user, { ...at(2), currency: 'JPY', amount: '500', proof: 'Señor, "Ñ"' }))
  await record(admin, paid(user, { ...at(3), amount: '30.00' }))
  const get = (query: string, headers = {}) => call('GET', `/v1/admin/payments${query}`, { as: support, headers })
  const response = await get(`?format=csv&user=${user.id}&from=2025-03-01&to=2025-03-03`)
  t.equal(response.statusCode, 200)
  t.match(response.headers['content-type'], 'text/csv; charset=utf-8')
  t.match(response.headers['content-disposition'], 'attachment; filename="payments.csv"')
  const [names = [], ...rows] = parse(response.body)
  const cells = rows.map((row) => Object.fromEntries(names.map((name, n) => [name, row[n]])))
  t.match(cells, [
    { amount: '10.00', currency: 'USD', email: user.email, reference: "'+1-1", proof: `'${nasty}`, plan: 'pro' },
    { amount: '500', currency: 'JPY', proof: 'Señor, "Ñ"', refunded: '0' },
  ])
  t.equal(rows.length, 2, 'the day named last is not in it')
  t.equal(
    (await get(`?user=${user.id}`, { accept: 'text/csv' })).headers['content-type'],
    response.headers['content-type'],
  )
  t.match((await get(`?user=${user.id}&format=json`, { accept: 'text/csv' })).json<Page>().items, { length: 3 })
  const first = (await get(`?user=${user.id}&limit=2`)).json<Page>()
  t.match(first, { items: [{ amount: '30.00' }, { amount: '500' }], nextCursor: String })
  const second = (await get(`?user=${user.id}&limit=2&cursor=${first.nextCursor}`)).json<Page>()
  t.match(second, { items: [{ amount: '10.00' }], nextCursor: null })
  t.same((await get(`?user=${user.id}&method=cash`)).json<Page>().items, [])
  t.same((await get(`?user=${user.id}&status=disputed`)).json<Page>().items, [])
})

t.test('no cell is a formula', async (t) => {
  for (const start of ['=', '+', '-', '@', '\t=', '\r', ' =', '＝'])
    t.match(csvCell(`${start}1`), /^"?'/, JSON.stringify(start))
  t.same(['a', 7, null, '0.50', 'a,b', 'a"b', 'a\nb'].map(csvCell), ['a', '7', '', '0.50', '"a,b"', '"a""b"', '"a\nb"'])
})

t.test('a long ledger is sent as it is read', async (t) => {
  const user = await app.user()
  await db.execute(sql`insert into payments (tenant_id, method, amount_minor, currency, reference, paid_at)
    select ${user.id}, 'cash', n, 'USD', 'many ' || n, timestamptz '2024-01-01' + n * interval '1 minute' from generate_series(1, 2500) n`)
  const response = await call('GET', `/v1/admin/payments?format=csv&user=${user.id}`, { as: admin })
  const [names = [], ...rows] = parse(response.body)
  const amount = names.indexOf('amount')
  t.equal(rows.length, 2500)
  t.same([rows[0]?.[amount], rows.at(-1)?.[amount]], ['0.01', '25.00'], 'oldest first')
  t.notOk(response.headers['content-length'], 'nobody knew how long it would be')
})
