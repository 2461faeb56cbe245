import { existsSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { dirname } from 'node:path'
import { auditLog, botRuns } from '@sath/db'
import { until, walk } from '@sath/testkit'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { createConnection } from './sessions/connection.js'
import { createLineReader } from './sessions/line-reader.js'
import { assertSocketRoot, socketPath } from './sessions/socket-server.js'
import { beat, decision, engineBot, type Line, openLine, uuid } from './testing/bots.js'
import { config, recording, setup, start, strategy } from './testing/setup.js'

const hello = { type: 'hello', protocol: 1, bundle: 'x' }

/** What a taken-over bot tries, each on a session of its own; `welcome` is the one it got, if it asked. */
const attacks: Record<string, (line: Line, raw: (bytes: string | Buffer) => void) => void> = {
  garbage: (_, raw) => raw('{]\n'.repeat(1_000)),
  binary: (_, raw) => raw(Buffer.alloc(300_000, 0xff)),
  'a line of 50 MB': (_, raw) => {
    for (let n = 0; n < 50; n++) raw('x'.repeat(1_048_576))
  },
  'no hello': (line) => {
    for (let n = 0; n < 50; n++) line.say(beat(n))
  },
  'many hellos': (line) => {
    for (let n = 0; n < 50; n++) line.say(hello)
  },
  'another protocol': (line) => line.say({ ...hello, protocol: 99 }),
  'a flood of heartbeats': (line) => {
    line.say(hello)
    line.socket.once('data', () => {
      for (let n = 0; n < 5_000; n++) line.say(beat(n))
    })
  },
  'a thousand intents': (line) => {
    line.say(hello)
    line.socket.once('data', () => {
      const welcome = line.heard.find((message) => message.type === 'welcome')
      const id = welcome?.config.strategies[0]?.id
      if (!welcome || !id) return
      for (let n = 0; n < 1_000; n++) {
        line.say(decision(welcome, id, 'BTCUSDT', start + n * 60_000, { direction: 'call', stake: '1.00' }))
      }
    })
  },
  'claims another epoch and tenant': (line) => {
    for (let n = 0; n < 30; n++) line.say({ ...hello, epoch: 99, tenantId: uuid() })
  },
}

t.setTimeout(300_000)

t.test('a hostile bot gets nowhere and disturbs nobody', async (t) => {
  const at = await setup(t)
  const neighbour = await at.tenant()
  const minutes = 120
  const enemies = await Promise.all(Object.keys(attacks).map(() => at.tenant()))
  await at.gateway(recording(t, { BTCUSDT: walk(minutes, { start }) }, 200))
  // Before the others, for whom the market would begin as well.
  const bot = engineBot(at.socketRoot, neighbour.runId)
  t.teardown(() => bot.end())
  let attacked = 0
  const lines = Object.values(attacks).map((attack, index) => {
    const line = openLine(at.socketRoot, enemies[index]!.runId)
    line.socket.on('connect', () => {
      attacked++
      attack(line, (bytes) => line.socket.write(bytes))
    })
    t.teardown(() => line.end())
    return line
  })
  await until('all to attack', () => attacked === enemies.length)
  for (const [index, name] of Object.keys(attacks).entries()) {
    await until(`${name} to be put out`, () => lines[index]!.closed)
    t.equal((await at.tradesOf(enemies[index]!.tenantId)).length, 0, `${name}: no trade`)
  }
  await until('the neighbour to have decided all', () => bot.seen.length >= minutes)
  t.equal(new Set(bot.seen).size, minutes, 'the neighbour decided every candle, once')
  t.notOk(bot.seen.some((line) => line.endsWith('stale')))
  await until('audit rows', async () =>
    (await at.db.select().from(auditLog)).some(({ action }) => action === 'session.ended'),
  )
})

t.test('one session for each run', async (t) => {
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant()
  await at.gateway(recording(t, { BTCUSDT: walk(200, { start }) }, 100))
  const bot = engineBot(at.socketRoot, runId)
  t.teardown(() => bot.end())
  await until('the first session', () => bot.seen.length > 2)
  const second = openLine(at.socketRoot, runId)
  second.socket.on('connect', () => second.say(hello))
  await until('the second one to be refused', () => second.closed)
  t.same(
    second.heard.map(({ type }) => type),
    ['bye'],
  )
  const count = bot.seen.length
  await until('the first to go on', () => bot.seen.length > count + 5)
  await until('the audit row', async () =>
    (await at.db.select().from(auditLog)).some(
      ({ action, target }) => action === 'session.refused' && target === tenantId,
    ),
  )
  await at.phase(runId, 'exited')
  await until(
    'the socket of a finished run to go',
    () => bot.line?.closed && !existsSync(dirname(socketPath(at.socketRoot, runId))),
  )
  t.equal((await at.db.select().from(botRuns).where(eq(botRuns.id, runId)))[0]?.phase, 'exited')
})

t.test('a forged intent is refused and told apart', async (t) => {
  const at = await setup(t)
  const one = strategy()
  const { tenantId, runId } = await at.tenant(config({ strategies: [one] }))
  await at.gateway(recording(t, { BTCUSDT: walk(3, { start }) }))
  const line = openLine(at.socketRoot, runId, (message, on) => {
    const welcome = on.heard.find((each) => each.type === 'welcome')
    if (message.type !== 'candle' || !welcome) return
    const said = decision(welcome, one.id, 'BTCUSDT', message.candle.time, { direction: 'put', stake: '1.00' })
    on.say({ ...said, intent: { ...said.intent, intentId: uuid() } })
    on.say(said)
  })
  line.socket.on('connect', () => line.say(hello))
  t.teardown(() => line.end())
  await until('decisions', async () => (await at.decisionsOf(tenantId)).length === 3)
  t.equal((await at.tradesOf(tenantId)).length, 0)
})

t.test('a bot that does not read loses its session, and nothing piles up for it', async (t) => {
  const ends: (string | undefined)[] = []
  const server = createServer((socket) => {
    const connection = createConnection(
      socket,
      { onMessage: () => {}, onClose: (fault) => ends.push(fault) },
      { maxBufferedBytes: 100_000, maxFaults: 1 },
    )
    for (let n = 0; n < 100 && !connection.closed; n++) connection.sendLine('x'.repeat(100_000))
    t.ok(connection.closed)
    t.ok(socket.writableLength < 1_000_000)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const deaf = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  deaf.on('error', () => {})
  t.teardown(() => deaf.destroy())
  await until('its end', () => ends.length > 0)
  t.same(ends, ['reads too slowly'])
})

t.test('lines are bounded, whole, and any length of chunk', async (t) => {
  const got: string[] = []
  const reader = createLineReader(10, (line) => got.push(line) > 0)
  for (const byte of Buffer.from('añb\n\nlast\n')) t.ok(reader.push(Buffer.from([byte])))
  t.same(got, ['añb', 'last'])
  t.ok(reader.push(Buffer.from('0123456789\n')))
  t.notOk(reader.push(Buffer.from('01234567890')))
})

t.test('a socket root that is too long is named at once', async (t) => {
  t.doesNotThrow(() => assertSocketRoot('/run/sath/0123456789abcdef'))
  t.throws(() => assertSocketRoot(`/tmp/${'x'.repeat(80)}`), /SATH_SOCKET_ROOT is too long/)
})
