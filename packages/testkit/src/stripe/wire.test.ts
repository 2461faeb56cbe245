/** What every endpoint shares: keys, forms, idempotency, errors, and being away. */
import t from 'tap'
import { parseForm } from './form.js'
import { catalogue, client, payer, setup } from './setup.fixture.js'

t.test('forms are read as Stripe reads them', async (t) => {
  const cases: [string, object | string][] = [
    ['a=1&b[c]=2&b[d][0]=x', { a: '1', b: { c: '2', d: { 0: 'x' } } }],
    ['expand[]=one&expand[]=two', { expand: { 0: 'one', 1: 'two' } }],
    ['email=a%2Bb%40c.de&name=J+D', { email: 'a+b@c.de', name: 'J D' }],
    ['a=1&a[b]=2', { a: { b: '2' } }],
    ['', {}],
  ]
  for (const [form, parsed] of cases) t.same(JSON.parse(JSON.stringify(parseForm(form))), parsed, form)
  t.equal(({} as Record<string, unknown>)[String(Object.keys(parseForm('__proto__[x]=1')))], Object.prototype)
  t.notOk('x' in {}, 'no name reaches a prototype')
})

t.test('only the right key is let in, and a wrong one is not echoed', async (t) => {
  const { peer, stripe } = await setup(t)
  await t.rejects(client(peer, 'sk_test_somebody_else').customers.list(), {
    type: 'StripeAuthenticationError',
    message: /sk_test_\*+else$/,
  })
  const bare = await fetch(`${peer.url}/v1/customers`)
  t.equal(bare.status, 401)
  const basic = await fetch(`${peer.url}/v1/customers`, {
    headers: { authorization: `Basic ${Buffer.from(`${peer.secretKey}:`).toString('base64')}` },
  })
  t.equal(basic.status, 200)
  await stripe.customers.list()
  t.equal(peer.requests.at(-1)?.stripeVersion, '2026-10-28.endive')
})

t.test('what Stripe would not understand is refused in its words', async (t) => {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const post = async (path: string, body: string, type = 'application/x-www-form-urlencoded') => {
    const answer = await fetch(`${peer.url}/v1/${path}`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${peer.secretKey}`, 'content-type': type },
    })
    const { error } = (await answer.json()) as { error: { code?: string; param?: string; type: string } }
    return [answer.status, error.code, error.param]
  }
  const cases: [string, string, unknown[]][] = [
    ['customers', 'emial=x', [400, 'parameter_unknown', 'emial']],
    ['customers', 'metadata=x', [400, undefined, 'metadata']],
    ['products', '', [400, 'parameter_missing', 'name']],
    ['subscriptions', `customer=${customer.id}&items[0][prize]=x`, [400, 'parameter_unknown', 'items[0][prize]']],
    ['subscriptions', `customer=${customer.id}&items[0][price]=price_x`, [404, 'resource_missing', 'items[0][price]']],
    ['subscriptions', `customer=cus_x&items[0][price]=${basic.id}`, [404, 'resource_missing', 'customer']],
    ['subscriptions', `customer=&items[0][price]=${basic.id}`, [400, 'parameter_invalid_empty', 'customer']],
    [
      'subscriptions',
      `customer=${customer.id}&items[0][price]=${basic.id}&off_session=1`,
      [400, undefined, 'off_session'],
    ],
    ['checkout/sessions', `mode=gift&line_items[0][price]=${basic.id}`, [400, undefined, 'mode']],
    ['nothing', '', [404, undefined, undefined]],
  ]
  for (const [path, body, expected] of cases) t.same(await post(path, body), expected, body || path)
  t.same(await post('customers', '{"email":"x"}', 'application/json'), [400, undefined, undefined])
  await t.rejects(stripe.customers.retrieve(customer.id, { expand: ['nonsense'] }), /cannot be expanded \(nonsense\)/)
  await t.rejects(stripe.customers.retrieve(customer.id, { expand: ['email'] }), /cannot be expanded \(email\)/)
  const old = { customer: customer.id, items: [{ price: basic.id }], expand: ['latest_invoice.payment_intent'] }
  await t.rejects(stripe.subscriptions.create(old), /cannot be expanded \(latest_invoice\.payment_intent\)/)
  await t.rejects(stripe.invoices.list({ expand: ['data.a.b.c.d.e'] }), /more than 4 levels/)
})

t.test('a key gives the same answer again, and is bound to its body', async (t) => {
  const { peer, stripe, clock } = await setup(t)
  const make = (email: string, idempotencyKey: string) => stripe.customers.create({ email }, { idempotencyKey })
  const first = await make('a@example.com', 'k1')
  const again = await make('a@example.com', 'k1')
  t.equal(again.id, first.id)
  t.equal(again.lastResponse.headers['idempotent-replayed'], 'true')
  t.equal(again.lastResponse.headers['original-request'], first.lastResponse.requestId)
  t.same(
    peer.requests.map(({ replayed }) => replayed),
    [false, true],
  )
  t.equal(peer.events().length, 1)
  const stranger = client(peer, 'sk_test_other')
  await t.rejects(stranger.customers.create({ email: 'a@example.com' }, { idempotencyKey: 'k1' }), /Invalid API Key/)
  await t.rejects(make('b@example.com', 'k1'), {
    type: 'StripeIdempotencyError',
    message: /same parameters/,
    statusCode: 400,
  })
  t.not((await make('a@example.com', 'k2')).id, first.id)
  clock.advance(86_400_001)
  t.not((await make('a@example.com', 'k1')).id, first.id, 'a key is forgotten after a day')
})

t.test('a refused card is remembered under its key, refused parameters are not', async (t) => {
  const { peer, stripe } = await setup(t)
  const { basic } = await catalogue(stripe)
  const customer = await payer(stripe)
  const params = {
    customer: customer.id,
    items: [{ price: basic.id }],
    payment_behavior: 'error_if_incomplete' as const,
  }
  peer.declineNextPayment()
  await t.rejects(stripe.subscriptions.create(params, { idempotencyKey: 'k' }), { code: 'card_declined' })
  await t.rejects(stripe.subscriptions.create(params, { idempotencyKey: 'k' }), { code: 'card_declined' })
  t.equal((await stripe.subscriptions.create(params, { idempotencyKey: 'other' })).status, 'active')
  const wrong = { name: 'x', colour: 'red' }
  await t.rejects(stripe.customers.create(wrong, { idempotencyKey: 'k3' }), { code: 'parameter_unknown' })
  t.ok(await stripe.customers.create({ name: 'x' }, { idempotencyKey: 'k3' }))
})

t.test('an outage is a refused connection, an error, silence, or a lost answer', async (t) => {
  const { peer, stripe } = await setup(t)
  const make = () => stripe.customers.create({ name: 'x' }, { timeout: 200, idempotencyKey: 'k' })
  await peer.setDown(true)
  await t.rejects(make(), { type: 'StripeConnectionError', message: /connection to Stripe|aborted|timed out/i })
  await peer.setDown('error')
  await t.rejects(make(), { type: 'StripeAPIError', message: /unknown error/, statusCode: 500 })
  await peer.setDown('timeout')
  await t.rejects(make(), { type: 'StripeConnectionError', message: /connection to Stripe|aborted|timed out/i })
  t.equal(peer.events().length, 0)
  await peer.setDown('answer-lost')
  await t.rejects(make(), { type: 'StripeConnectionError', message: /connection to Stripe|aborted|timed out/i })
  t.equal(peer.events().length, 1, 'it was done')
  await peer.setDown(false)
  const made = await make()
  t.equal(peer.events().length, 1, 'the key keeps it from being done twice')
  t.equal(made.lastResponse.headers['idempotent-replayed'], 'true')
})
