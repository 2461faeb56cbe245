import { apiTokenRepository, apiTokens, bots, grantPlan, startPresence } from '@sath/db'
import { until } from '@sath/testkit'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { WebSocket } from 'ws'
import { config, setup, type TestApp, type TestUser } from './app.fixture.js'
import { maxBufferedBytes, outgoing } from './live/outgoing.js'

const app = await setup(t)
const gateway = await startPresence(app.db, { name: 'gateway', node: 'n' })
t.teardown(() => gateway.end())
await gateway.ready({ feed: { source: 'replay', connected: true } })
const address = (await app.app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws')

interface Message {
  topic: string
  data: unknown
}

/** A stream that keeps what it heard. */
async function open(test: { teardown(run: () => unknown): void }, path = '/stream', at = address) {
  const socket = new WebSocket(`${at}/api/v1${path}`)
  const heard: Message[] = []
  const closed = new Promise<[number, string]>((resolve) =>
    socket.once('close', (code, reason) => resolve([code, reason.toString()])),
  )
  socket.on('message', (raw: Buffer) => heard.push(JSON.parse(raw.toString()) as Message))
  socket.on('error', () => {})
  test.teardown(() => socket.terminate())
  await new Promise((resolve) => socket.once('open', resolve))
  return {
    socket,
    heard,
    closed,
    say: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    of: (topic: string) => heard.filter((message) => message.topic === topic),
  }
}
type Stream = Awaited<ReturnType<typeof open>>

/** Signs in and subscribes at once, as a page does; resolves when the status of the own bot came, so all topics stand. */
const time = '2024-12-02T00:00:00.000Z'
/** A line as the orchestrator tells it. */
const collected = (message: string) => ({ time, level: 'info', message, fields: {}, stream: 'stderr' })

async function subscribed(stream: Stream, user: TestUser, ...topics: string[]): Promise<Stream> {
  stream.say({ accessToken: user.token })
  stream.say({ subscribe: [...topics, 'bot'] })
  await until('the first status', () => stream.of('bot').length > 0)
  return stream
}

t.test('a page hears its own topics and the candles of the installation, and nobody else’s', async (t) => {
  const [user, other] = [await app.user(), await app.user()]
  const stream = await subscribed(await open(t), user, 'logs', 'trades', 'signals', 'candles:BTCUSDT:M5')
  t.match(stream.of('bot'), [{ data: { status: 'stopped' } }])
  const candle = { time: 1, open: 1, high: 1, low: 1, close: 1, volume: 1, closed: false }
  for (const tenant of [other.id, user.id]) {
    app.bus.publish(`logs:${tenant}`, collected(tenant))
    app.bus.publish(`trades:${tenant}`, { id: tenant })
    app.bus.publish(`signals:${tenant}`, { id: tenant })
  }
  app.bus.publish('candles:elsewhere:BTCUSDT:M5', { ...candle, time: 2 })
  app.bus.publish('candles:replay:ETHUSDT:M5', candle)
  app.bus.publish('candles:replay:BTCUSDT:M1', candle)
  app.bus.publish('candles:replay:BTCUSDT:M5', candle)
  await until('the candle', () => stream.of('candles:BTCUSDT:M5').length > 0)
  t.same(stream.of('logs'), [
    { topic: 'logs', data: { time, level: 'info', message: user.id, fields: { stream: 'stderr' } } },
  ])
  t.same(stream.of('trades'), [{ topic: 'trades', data: { id: user.id } }])
  t.same(stream.of('signals'), [{ topic: 'signals', data: { id: user.id } }])
  const told = { time: 1, open: '1', high: '1', low: '1', close: '1', volume: '1', closed: false }
  t.same(stream.of('candles:BTCUSDT:M5'), [{ topic: 'candles:BTCUSDT:M5', data: told }], 'prices are decimal strings')
  stream.say({ unsubscribe: ['logs'] })
  stream.say({ subscribe: ['bot'] })
  await until('the unsubscribe', () => stream.of('bot').length > 1)
  app.bus.publish(`logs:${user.id}`, collected('late'))
  app.bus.publish(`trades:${user.id}`, { id: 'late' })
  await until('the trade', () => stream.of('trades').length > 1)
  t.equal(stream.of('logs').length, 1)
})

t.test('asking for somebody else’s topic by name ends the stream', async (t) => {
  const [user, other] = [await app.user(), await app.user()]
  for (const topic of [`logs:${other.id}`, 'logs:', 'candles:', 'candles:*:M5', `bot:${other.id}`]) {
    const stream = await open(t)
    stream.say({ accessToken: user.token })
    stream.say({ subscribe: [topic] })
    t.same(await stream.closed, [4400, 'not a command'], topic)
  }
})

t.test('a changed wish is told at once, changes that come together once', async (t) => {
  const user = await app.user()
  const stream = await subscribed(await open(t), user)
  await app.call('PUT', '/v1/bot/config', { as: user, body: { version: 0, config: config() } })
  await app.call('POST', '/v1/bot/start', { as: user })
  await until('the start', () => (stream.of('bot').at(-1)!.data as { status: string }).status === 'starting')
  const before = stream.of('bot').length
  for (let n = 0; n < 20; n++) app.bus.publish(`bot:${user.id}`, {})
  await app.db.update(bots).set({ hold: 'admin', desiredState: 'stopped' }).where(eq(bots.tenantId, user.id))
  await until('the hold', () => (stream.of('bot').at(-1)!.data as { hold: string }).hold === 'admin')
  t.ok(stream.of('bot').length - before <= 3, 'twenty hints and a bell are at most a few answers')
})

t.test('the log has a stream of its own', async (t) => {
  const user = await app.user()
  const stream = await subscribed(await open(t, '/logs/stream'), user)
  app.bus.publish(`logs:${user.id}`, { ...collected('hello'), stream: 'stdout' })
  await until('the line', () => stream.of('logs').length > 0)
  t.same(stream.of('logs')[0]?.data, { time, level: 'info', message: 'hello', fields: {} }, 'as GET /logs tells it')
  const plain = await app.call('GET', '/v1/stream')
  t.equal(plain.statusCode, 400, 'not without an upgrade')
})

t.test('nobody listens without a sign-in that stands', async (t) => {
  const user = await app.user()
  const early = await open(t)
  early.say({ subscribe: ['logs'] })
  t.same((await early.closed)[0], 4400)
  for (const token of ['nonsense', app.app.jwt.sign({ sub: user.id, sid: crypto.randomUUID() })]) {
    const stream = await open(t)
    stream.say({ accessToken: token })
    t.same(await stream.closed, [4401, 'not signed in'])
  }
  for (const nonsense of ['{', '[]', '"x"', 'x'.repeat(200), '{"__proto__":1}']) {
    const stream = await open(t)
    stream.say(nonsense)
    t.equal((await stream.closed)[0], 4400, nonsense.slice(0, 20))
  }
  const huge = await open(t)
  huge.say('x'.repeat(100_000))
  t.equal((await huge.closed)[0], 1009)
})

t.test('a stream ends with its token, with its sign-in, with silence and with a flood', async (t) => {
  const quick: TestApp = await setup(t, { streamTimes: { helloMs: 30_000, pingMs: 500 } })
  const at = (await quick.app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws')
  const user = await quick.user()
  const short = await open(t, '/stream', at)
  short.say({ accessToken: quick.app.jwt.sign({ sub: user.id, sid: user.sessionId }, { expiresIn: '2s' }) })
  t.same(await short.closed, [4401, 'token-expired'])
  const flood = await subscribed(await open(t, '/stream', at), user)
  for (let n = 0; n < 200; n++) flood.say({ subscribe: ['logs'] })
  t.same(await flood.closed, [4400, 'too many messages'])
  const ended = await subscribed(await open(t, '/stream', at), user)
  await quick.call('POST', '/v1/auth/logout', { as: user })
  t.same(await ended.closed, [4401, 'session-ended'])
  const hasty: TestApp = await setup(t, { streamTimes: { helloMs: 50, pingMs: 15_000 } })
  const silent = await open(
    t,
    '/stream',
    (await hasty.app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws'),
  )
  t.same(await silent.closed, [4408, 'no access token'])
})

t.test('a program listens with its API token, until that or the plan’s access ends', async (t) => {
  const quick: TestApp = await setup(t, { streamTimes: { helloMs: 60_000, pingMs: 500 } })
  const at = (await quick.app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws')
  const user = await quick.user()
  const { row, token } = await apiTokenRepository(quick.db, user.id).create({ name: 'p', scope: 'read' })
  const refused = await open(t, '/stream', at)
  refused.say({ accessToken: token })
  t.same(await refused.closed, [4401, 'plan-limit'])
  const stranger = await open(t, '/stream', at)
  stranger.say({ accessToken: `sath_${'x'.repeat(43)}` })
  t.same(await stranger.closed, [4401, 'not signed in'])

  const admin = await quick.user('admin')
  const upgraded = () => quick.call('PUT', `/v1/admin/users/${user.id}`, { as: admin, body: { plan: 'enterprise' } })
  await upgraded()
  const lowered = await subscribed(await open(t, '/logs/stream', at), { ...user, token }, 'logs')
  quick.bus.publish(`logs:${user.id}`, collected('hello'))
  await until('the line', () => lowered.of('logs').length > 0)
  // Not by this process, which goes on believing what it knows for two seconds.
  await grantPlan(quick.db, user.id, { planId: 'pro' })
  t.same(await lowered.closed, [4401, 'plan-limit'])

  await upgraded()
  await quick.db.update(apiTokens).set({ expiresAt: new Date(Date.now() + 365 * 86_400_000) })
  const lasting = await subscribed(await open(t, '/stream', at), { ...user, token })
  await quick.call('DELETE', `/v1/users/me/tokens/${row.id}`, { as: user })
  t.same(await lasting.closed, [4401, 'session-ended'], 'its end is further off than a timer reaches')
})

t.test('a reader that answers no ping is cut off', async (t) => {
  const quick: TestApp = await setup(t, { streamTimes: { helloMs: 30_000, pingMs: 500 } })
  const at = (await quick.app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws')
  const user = await quick.user()
  const deaf = await subscribed(await open(t, '/stream', at), user)
  deaf.socket.pong = () => {}
  t.equal((await deaf.closed)[0], 1006)
})

t.test('many streams of one user are refused', async (t) => {
  const { app, ...as } = await setup(t)
  const at = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws')
  const user = await as.user()
  for (let n = 0; n < 20; n++) await subscribed(await open(t, '/stream', at), user)
  const over = await open(t, '/stream', at)
  over.say({ accessToken: user.token })
  t.same(await over.closed, [4429, 'too many streams'])
})

t.test('what a slow reader cannot take is dropped, counted and told', (t) => {
  const sent: string[] = []
  const socket = { readyState: 1 as const, bufferedAmount: 0, send: (text: string) => sent.push(text) }
  const out = outgoing(socket)
  out.send('logs', 1)
  socket.bufferedAmount = maxBufferedBytes + 1
  for (let n = 0; n < 5; n++) out.send('logs', n)
  t.equal(sent.length, 1)
  socket.bufferedAmount = 0
  out.send('logs', 2)
  t.same(
    sent.slice(1).map((text) => JSON.parse(text)),
    [
      { topic: 'dropped', data: { count: 5 } },
      { topic: 'logs', data: 2 },
    ],
  )
  t.equal(out.dropped, 5)
  t.end()
})
