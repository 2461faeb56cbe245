import t from 'tap'
import { createClient } from './client.js'
import { createSession } from './session.js'

type Answer = readonly [status: number, body: unknown]

/** A client over answers by "METHOD path", one after the other; the last one stays. */
function setup(answers: Record<string, Answer[]>) {
  const calls: { call: string; headers: Headers }[] = []
  const fetch = async (url: string, init: RequestInit = {}) => {
    const call = `${init.method} ${url.replace('/api/v1', '')}`
    calls.push({ call, headers: new Headers(init.headers) })
    const queue = answers[call] ?? []
    const answer = queue.length > 1 ? queue.shift() : queue[0]
    if (!answer) throw new TypeError('fetch failed')
    return new Response(answer[1] === undefined ? null : JSON.stringify(answer[1]), { status: answer[0] })
  }
  const session = createSession()
  const client = createClient({ fetch: fetch as typeof globalThis.fetch, session, exclusively: (task) => task() })
  return { client, session, calls, count: (call: string) => calls.filter((one) => one.call === call).length }
}

const user = { id: 'u', email: 'a@b.c', name: null, role: 'subscriber', locale: 'en' }
const refresh = 'POST /auth/refresh'
const token = (accessToken: string): Answer => [200, { accessToken, expiresIn: 900, user }]
const expired: Answer = [401, { code: 'unauthenticated', detail: 'no' }]

t.test('calls at once share one renewal', async (t) => {
  const { client, count } = setup({ [refresh]: [token('t1')], 'GET /x': [[200, 1]] })
  t.same(await Promise.all([client.get('/x'), client.get('/x'), client.get('/x')]), [1, 1, 1])
  t.equal(count(refresh), 1)
})

t.test('renews an expired token once and tries again with the same idempotency key', async (t) => {
  const { client, calls } = setup({ [refresh]: [token('t1'), token('t2')], 'POST /x': [expired, [202, { ok: true }]] })
  t.same(await client.post('/x', { body: {}, once: true }), { ok: true })
  const sent = calls.filter(({ call }) => call === 'POST /x').map(({ headers }) => headers)
  t.same(
    sent.map((headers) => headers.get('authorization')),
    ['Bearer t1', 'Bearer t2'],
  )
  t.ok(sent[0]?.get('idempotency-key'))
  t.equal(sent[0]?.get('idempotency-key'), sent[1]?.get('idempotency-key'))
})

t.test('a refused renewal signs out', async (t) => {
  const { client, session, count } = setup({ [refresh]: [[401, { code: 'token-reused', detail: 'over' }]] })
  await t.rejects(client.get('/x'), { code: 'token-reused' })
  t.equal(session.get().kind, 'signed-out')
  t.equal(count('GET /x'), 0)
})

t.test('silence and server faults do not sign out', async (t) => {
  const { client, session } = setup({ [refresh]: [[503, {}]] })
  await t.rejects(client.get('/x'), { code: 'http-503' })
  t.equal(session.get().kind, 'unknown')
  const gone = setup({})
  await t.rejects(gone.client.get('/x'), { code: 'unreachable' })
  t.equal(gone.session.get().kind, 'unknown')
})

t.test('gives up after one renewal', async (t) => {
  const { client, count } = setup({ [refresh]: [token('t1'), token('t2')], 'GET /x': [expired] })
  await t.rejects(client.get('/x'), { code: 'unauthenticated' })
  t.equal(count('GET /x'), 2)
})

t.test('signing out ends the session here whatever the server says', async (t) => {
  const { client, session } = setup({ [refresh]: [token('t1')], 'POST /auth/logout': [[500, {}]] })
  await client.renewToken()
  await client.signOut()
  t.equal(session.get().kind, 'signed-out')
})
