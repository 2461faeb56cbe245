import { auditLog, stripeEvents } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { setup, verdict } from '../app.fixture.js'
import { billingSetup, webhookSecret } from './setup.fixture.js'

const nowSeconds = () => Math.floor(Date.now() / 1_000)

t.test('what Stripe did not sign a moment ago changes nothing and leaves a trace', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  await app.subscribed(user)
  const event = app.peer.events().at(-1)
  const { body, header } = app.peer.sign(event)
  const digest = /v1=([0-9a-f]+)/.exec(header)?.[1] ?? ''
  const forged: readonly (readonly [string, string, string | undefined])[] = [
    ['no signature', body, undefined],
    ['no signature at all', body, ''],
    ['another secret', body, app.peer.sign(event, { secret: 'whsec_other' }).header],
    ['one byte more', `${body} `, header],
    ['one byte less', body.slice(0, -1), header],
    ['the same JSON written otherwise', JSON.stringify(JSON.parse(body)), header],
    ['signed 301 s ago', body, app.peer.sign(event, { timestamp: nowSeconds() - 301 }).header],
    ['a moment of its own', body, header.replace(/t=\d+/, (t) => `t=${Number(t.slice(2)) + 1}`)],
    ['another scheme', body, header.replace('v1=', 'v0=')],
    ['an empty secret', body, app.peer.sign(event, { secret: '' }).header],
    ['a digest without its time', body, `v1=${digest}`],
    ['not a number', body, header.replace(/t=\d+/, 't=now')],
  ]
  for (const [name, bytes, signature] of forged)
    t.equal(verdict(await app.ring(bytes, signature)), '400 bad-signature', name)
  t.equal(await app.db.$count(stripeEvents), 0)
  await app.settle()
  t.equal(await app.planOf(user), 'free')
  const admin = await app.user('superadmin')
  const audit = await app.call('GET', '/v1/admin/audit?action=billing.bad-signature', { as: admin })
  t.equal(audit.json<{ items: unknown[] }>().items.length, forged.length)
  t.equal(verdict(await app.ring(body, header)), '200', 'and the true one is taken')
  const answers = app.lines.map((line) => JSON.parse(line)).filter(({ path }) => path?.endsWith('/webhook/stripe'))
  t.same(
    answers.map(({ level }) => level),
    [...forged.map(() => 30), 20],
    'refusals are lines of the log; what is taken has a row',
  )
})

t.test('an event that comes again is stored once and accepted, changes nothing and leaves a trace', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  await app.subscribed(user)
  await app.deliver()
  const stored = await app.db.$count(stripeEvents)
  const [first] = app.peer.events().filter(({ type }) => type === 'checkout.session.completed')
  const again = app.peer.sign(first)
  const answers = await Promise.all(Array.from({ length: 8 }, () => app.ring(again.body, again.header)))
  t.same(answers.map(verdict), Array(8).fill('200'))
  t.equal(await app.db.$count(stripeEvents), stored)
  t.equal(await app.planOf(user), 'pro')
  const trace = await app.db.select().from(auditLog).where(eq(auditLog.action, 'billing.event-again'))
  t.equal(trace.length, 8, 'and the first time left none')
  t.match(trace[0], { actorId: null, address: '127.0.0.1', fields: { type: 'checkout.session.completed' } })
  t.notMatch(JSON.stringify(trace), first!.id)
})

t.test('unknown types, other versions and the other livemode are stored, and only bells ring', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  await app.subscribed(user)
  const template = app.peer.events().find(({ type }) => type === 'customer.subscription.created')
  const send = async (id: string, over: object) => {
    const { body, header } = app.peer.sign({ ...template, id, ...over })
    t.equal(verdict(await app.ring(body, header)), '200', id)
    await app.settle()
    const [row] = await app.db.select().from(stripeEvents).where(eq(stripeEvents.id, id))
    return `${row?.outcome} ${await app.planOf(user)}`
  }
  t.equal(await send('evt_unknown', { type: 'wind.changed' }), 'ignored free')
  t.equal(await send('evt_live', { livemode: true }), 'other-livemode free')
  t.ok(app.lines.some((line) => line.includes('an event of the other livemode')))
  t.equal(
    await send('evt_stranger', { data: { object: { object: 'invoice', customer: 'cus_ofSomebodyElse' } } }),
    'ignored free',
  )
  t.equal(await send('evt_old', { api_version: '2019-12-03' }), 'done pro')
})

t.test('a body is read to its limit, as JSON only, and bytes that are no JSON are refused', async (t) => {
  const app = await billingSetup(t)
  const signed = (body: string) =>
    app.billing.stripe.webhooks.generateTestHeaderString({ payload: body, secret: webhookSecret })
  const big = JSON.stringify({ ...app.peer.events()[0], filler: 'x'.repeat(600_000) })
  t.equal(verdict(await app.ring(big, signed(big))), '413 payload-too-large')
  t.equal(verdict(await app.ring('{', signed('{'))), '400 bad-signature')
  t.equal(verdict(await app.ring('', signed(''))), '400 bad-signature')
  t.equal(verdict(await app.ring('{}', signed('{}'))), '400 invalid-request')
  // Bytes that JSON would not write: the signature covers them as they came.
  const odd =
    '{ "id":"evt_odd" ,\n\t"type":"x","livemode":false,"api_version":null,"data":{"object":{"note":"ñ\\u00e9 \\u0000"}}}\r\n'
  t.equal(verdict(await app.ring(Buffer.from(odd), signed(odd))), '200')
  t.equal(await app.db.$count(stripeEvents, eq(stripeEvents.id, 'evt_odd')), 1)
})

t.test('without Stripe every call about money says so, and the page is told', async (t) => {
  const app = await setup(t)
  const user = await app.user()
  for (const [method, path, body] of [
    ['POST', '/subscribe', { plan: 'pro', cycle: 'monthly' }],
    ['POST', '/portal', undefined],
    ['POST', '/cancel', undefined],
    ['POST', '/resume', undefined],
    ['GET', '/invoices', undefined],
    ['GET', '/preview?plan=pro', undefined],
    ['POST', '/webhook/stripe', {}],
  ] as const)
    t.equal(
      verdict(await app.call(method, `/v1/billing${path}`, { as: user, body })),
      '503 billing-not-configured',
      path,
    )
  t.match((await app.call('GET', '/v1/billing/subscription', { as: user })).json(), {
    takesPayments: false,
    stripe: null,
  })
})
