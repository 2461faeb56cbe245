import { connect } from 'node:net'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { setup, type TestUser, verdict } from './app.fixture.js'
import { example, type OpenApi, type Operation, places, replaced } from './openapi-examples.fixture.js'

const app = await setup(t, { limits: { user: 1e6, open: 1e6, login: 1e6, register: 1e6, forgot: 1e6, promo: 1e6 } })
const document = (await app.call('GET', '/openapi.json')).json<OpenApi>()
const stranger = await app.user()

const nasty: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  2 ** 63,
  1.5,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  "'; drop table users; --",
  '{{7*7}}<script>',
  '../../../../etc/passwd',
  '%00%2e%2e',
  'ﷺ'.repeat(50),
  'x'.repeat(20_000),
  '9'.repeat(400),
  '1e400',
  '-0',
  '0000-00-00T99:99:99Z',
  '+275760-09-13T00:00:00.000Z',
  stranger.id,
  [],
  [[]],
  {},
  { toString: 'x', constructor: null },
  { $ne: 1 },
]
const documented = '503 billing-not-configured'

/** Every answer is a success, or a problem with a status below 500 but for the one that the contract names. */
function assertHonest(t: { fail(message: string): unknown }, response: LightMyRequestResponse, what: string): void {
  const { statusCode } = response
  if (statusCode < 400) return
  const problem = String(response.headers['content-type']).startsWith('application/problem+json')
  const body = problem ? response.json<Record<string, unknown>>() : {}
  const shaped =
    body.status === statusCode && ['type', 'title', 'code', 'detail'].every((key) => typeof body[key] === 'string')
  if (!problem || !shaped || (statusCode >= 500 && verdict(response) !== documented))
    t.fail(`${what} → ${statusCode} ${response.body.slice(0, 200)}`)
}

interface Call {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}
// Readiness says what is missing in its own words, with status 503.
const { '/readyz': _, ...paths } = document.paths
const calls: Call[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
)

/** Half a pair of surrogates cannot be encoded; its bytes are what a hostile client would send. */
function encoded(text: string): string {
  return /\p{Surrogate}/u.test(text) ? '%ED%A0%80' : encodeURIComponent(text)
}

function urlOf({ path, operation }: Call, parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams()
  let url = path
  for (const { name, in: where, schema } of operation.parameters ?? []) {
    const value = parameters[name]
    if (where === 'path') url = url.replace(`{${name}}`, encoded(value ?? String(example(document, schema))))
    else if (value !== undefined) query.set(name, value)
  }
  return query.size > 0 ? `${url}?${query}` : url
}

const send = (
  call: Call,
  url: string,
  as: TestUser | undefined,
  payload?: unknown,
  headers: Record<string, string> = {},
) =>
  app.app.inject({
    method: call.method as 'GET',
    url,
    headers: { ...(as ? { authorization: `Bearer ${as.token}` } : {}), ...headers },
    ...(payload === undefined ? {} : { payload: payload as object }),
  })

const bodySchema = ({ operation }: Call) => operation.requestBody?.content['application/json']?.schema
const json = { 'content-type': 'application/json' }

for (const call of calls) {
  const name = `${call.method} ${call.path}`
  t.test(name, async (t) => {
    const callers = [await app.user(), await app.user('superadmin')]
    const schema = bodySchema(call)
    const body = schema ? example(document, schema) : undefined
    if (call.operation.security) {
      for (const headers of [
        {},
        { authorization: 'Bearer x' },
        { authorization: 'Basic YTpi' },
        {
          authorization: `Bearer ${app.app.jwt.sign({ sub: stranger.id, sid: stranger.sessionId }, { expiresIn: '-1s' })}`,
        },
      ]) {
        const response = await send(call, urlOf(call), undefined, body, headers)
        t.equal(verdict(response), '401 unauthenticated')
      }
    }
    const requests: (() => Promise<LightMyRequestResponse>)[] = []
    for (const [index, value] of nasty.entries()) {
      // Another person's id is for somebody who may not touch it.
      const as = callers[value === stranger.id ? 0 : index % 2]
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      for (const { name: parameter } of call.operation.parameters ?? [])
        requests.push(() => send(call, urlOf(call, { [parameter]: text }), as, body))
      if (body === undefined) continue
      const all = places(body)
      // Each place meets a share of the values; over the whole list every value meets many places.
      for (const place of all.filter((_, at) => all.length < 4 || (at + index) % 6 === 0))
        requests.push(() => send(call, urlOf(call), as, replaced(body, place, value)))
      requests.push(() => send(call, urlOf(call), as, value === null ? 'null' : (value as object), json))
      requests.push(() => send(call, urlOf(call), as, { ...(body as object), unknown: value }))
    }
    const [user] = callers
    for (const raw of [
      '{',
      '',
      '[',
      '[1',
      '{"a":1}}',
      '{"__proto__":{"admin":true}}',
      '{"constructor":{"prototype":{}}}',
      '['.repeat(100_000),
      `{"a":${'['.repeat(500)}${']'.repeat(500)}}`,
      'x'.repeat(300_000),
    ])
      requests.push(() => send(call, urlOf(call), user, raw, json))
    requests.push(() =>
      send(call, urlOf(call), user, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x22, 0x3a, 0x31, 0x7d]), json),
    )
    for (const type of [
      'text/plain',
      'application/xml',
      'multipart/form-data',
      'application/x-www-form-urlencoded',
      'application/json; charset=utf-16',
      'x',
      '',
    ])
      requests.push(() => send(call, urlOf(call), user, 'a=1', { 'content-type': type }))
    requests.push(() => send(call, urlOf(call), user, body, { 'idempotency-key': 'x'.repeat(5000) }))
    requests.push(() =>
      send(call, `${urlOf(call)}${call.path.includes('?') ? '&' : '?'}a[b]=1&__proto__=2&%ff=%fe`, user, body),
    )
    for (let at = 0; at < requests.length; at += 25) {
      const answers = await Promise.all(requests.slice(at, at + 25).map((request) => request()))
      for (const answer of answers) assertHonest(t, answer, `${name} #${at}`)
    }
    t.pass(`${requests.length} requests`)
  })
}

t.test('the examples are good enough to get past the schemas', async (t) => {
  const admin = await app.user('superadmin')
  for (const call of calls) {
    const schema = bodySchema(call)
    if (!schema || call.path.endsWith('/users/{id}')) continue
    const response = await send(call, urlOf(call), admin, example(document, schema))
    t.not(verdict(response), '400 invalid-request', `${call.method} ${call.path} ${response.body}`)
  }
})

t.test('routes that are not there and addresses that are none', async (t) => {
  for (const url of [
    '/api/v1/none',
    '/none',
    '/api/v1/bot/%zz',
    '/%00',
    '/api/v1/../v1/users/me',
    `/${'a'.repeat(5000)}`,
    '//evil.example',
    '/api/v1/bot/status/',
  ]) {
    const response = await app.app.inject({ url })
    assertHonest(t, response, url)
    t.ok(response.statusCode >= 400 && response.statusCode < 500, `${url} ${response.statusCode}`)
  }
  for (const method of ['PATCH', 'OPTIONS', 'PUT', 'DELETE'] as const) {
    const response = await app.app.inject({
      method,
      url: '/api/v1/bot/status',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    })
    t.equal(verdict(response), '404 not-found')
    t.notOk(response.headers['access-control-allow-origin'], 'no page from elsewhere may read us')
  }
})

t.test('bytes that are no request get an answer too', async (t) => {
  const { port } = new URL(await app.app.listen({ host: '127.0.0.1', port: 0 }))
  const say = (bytes: string) =>
    new Promise<string>((resolve) => {
      let heard = ''
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes))
      socket.on('data', (chunk) => {
        heard += chunk
      })
      socket.on('close', () => resolve(heard))
    })
  for (const bytes of [
    'nonsense\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\nx: \u0001\r\n\r\n',
    `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
  ])
    t.match(await say(bytes), /^HTTP\/1\.1 4\d\d .*application\/problem\+json.*"code":"invalid-request"/s)
})

t.test('nothing of all this was logged as a fault of ours, and everybody is still who they were', async (t) => {
  const faults = app.lines.filter((line) => line.includes('"level":50'))
  t.same(faults.slice(0, 3), [])
  const me = await app.call('GET', '/v1/users/me', { as: stranger })
  t.match(me.json(), { email: stranger.email, role: 'subscriber', plan: { id: 'free' } })
})
