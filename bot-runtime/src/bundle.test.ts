import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BotDecided, GatewayMessage } from '@sath/contracts'
import { type Teardown, until, walk } from '@sath/testkit'
import t from 'tap'
import { type BotProcessOptions, botProcess, bundlePath } from './testing/bot-process.js'
import { botConfig, candleMessage, strategy, welcome } from './testing/messages.js'

const bundler = fileURLToPath(new URL('../scripts/bundle.mjs', import.meta.url))
const bundle = () => promisify(execFile)(process.execPath, [bundler])

t.before(bundle)

const candles = walk(60, { timeframe: 'M5', seed: 3 })

/** A bot that has been welcomed. */
async function welcomed(t: Teardown, options?: BotProcessOptions, message = welcome()) {
  const bot = await botProcess(t, options)
  const line = await bot.line()
  const hello = await line.next('hello')
  line.send(message)
  const heartbeat = await line.next('heartbeat')
  return { bot, line, hello, heartbeat }
}

t.test('the same sources give the same bytes', async (t) => {
  const first = await readFile(bundlePath, 'utf8')
  await bundle()
  t.equal(await readFile(bundlePath, 'utf8'), first)
  t.notMatch(first, fileURLToPath(new URL('../..', import.meta.url)), 'where it was built is not in it')
  t.notMatch(first, 'ZodError', 'the bot carries no schema library')
})

t.test('hello, welcome, candles, decisions', async (t) => {
  const { bot, line, hello, heartbeat } = await welcomed(t)
  t.match(hello, { protocol: 1, bundle: /^\d+\.\d+\.\d+\+[0-9a-f]{12}$/ })
  t.equal(heartbeat.progress, 0, 'the first heartbeat comes at once')
  t.ok(heartbeat.rssBytes > 10e6 && heartbeat.heapUsedBytes > 1e6)

  line.send(...candles.map((candle) => candleMessage(candle)))
  await until('every decision', () => line.said.filter(({ type }) => type === 'decided').length === candles.length)
  const decided = line.said.flatMap((message) => (message.type === 'decided' ? [message] : []))
  t.same(
    decided.map(({ candleTime }) => candleTime),
    candles.map(({ time }) => time),
    'one a candle, in order',
  )
  const traded = decided.filter(({ outcome }) => outcome === 'traded')
  t.ok(traded.length > 0 && traded.every(({ intent }) => intent?.stake === '10.00'))

  const refused = { tradeId: 't', strategyId: strategy.id, symbol: 'BTCUSDT', direction: 'call', level: 0 } as const
  const reason = 'the daily limit of trades is reached'
  const result = { ...refused, stake: '10.00', status: 'refused', profit: '0', closedAt: null, reason } as const
  line.send({ type: 'trade', trade: { ...result, signalTime: candles[0]!.time } })
  t.match(await bot.logged('trade'), { status: 'refused', reason }, 'the log says why a trade was refused')

  const signal = await bot.logged('signal')
  t.match(signal, { level: 'info', outcome: 'traded', intentId: traded[0]?.intent?.intentId, strategyId: strategy.id })
  t.ok(bot.logs.every(({ level, time }) => /^[a-z]+$/.test(level) && new Date(time).toISOString() === time))
})

t.test('a configuration it cannot run ends it with 64', async (t) => {
  const bot = await botProcess(t)
  const line = await bot.line()
  line.send(welcome({ config: botConfig({ strategy: 'moon' }) }))
  t.equal(await bot.ended(), 64)
  t.match(await bot.logged('cannot run this configuration'), {
    level: 'fatal',
    errors: [{ path: 'strategies.0.strategy' }],
  })

  const { bot: running, line: itsLine } = await welcomed(t)
  itsLine.send({ type: 'config', version: 2, config: botConfig({ params: { fast: 0 } }), payouts: {} })
  t.equal(await running.ended(), 64, 'also one that comes later')

  const confused = await botProcess(t, { args: ['--nonsense'], listening: false })
  t.equal(await confused.ended(), 64, 'and arguments')
})

t.test('what nobody expected is logged with its stack and ends it with 1', async (t) => {
  const bot = await botProcess(t)
  const line = await bot.line()
  line.send(welcome({ config: { ...botConfig(), strategies: [{ id: 'x' } as never] } }))
  t.equal(await bot.ended(), 1)
  t.match(await bot.logged('crashed'), { level: 'fatal', err: { stack: /bot\.cjs/ } })
})

t.test('drains on request and enters nothing more', async (t) => {
  const { line } = await welcomed(t)
  line.send({ type: 'drain' })
  await line.next('drained')
  line.send(...candles.map((candle) => candleMessage(candle)))
  const outcomes = new Set<string>()
  for (const _ of candles) outcomes.add((await line.next('decided')).outcome)
  t.same([...outcomes].sort(), ['draining', 'no-signal', 'warm-up'])
})

t.test('SIGTERM drains, says so and ends it with 0', async (t) => {
  const { bot, line } = await welcomed(t)
  bot.child.kill('SIGTERM')
  t.equal(await bot.ended(), 0)
  await line.next('drained')
  t.match(bot.logs.map(({ msg }) => msg).slice(-2), ['stopping', 'stopped'], 'the last lines are written')

  const alone = await botProcess(t, { listening: false })
  await alone.logged('not connected: entering nothing, connecting again')
  alone.child.kill('SIGTERM')
  t.equal(await alone.ended(), 0, 'also without a gateway')

  const { bot: deaf, line: frozen } = await welcomed(t)
  frozen.socket.pause()
  deaf.child.kill('SIGTERM')
  t.equal(await deaf.ended(), 0, 'also when the gateway has stopped reading')
})

t.test('with a lifeline it ends with its parent, without one it does not care', async (t) => {
  const { bot } = await welcomed(t, { stdin: 'pipe', args: ['--lifeline'] })
  bot.child.stdin?.end()
  t.equal(await bot.ended(), 0)

  const { bot: free, line } = await welcomed(t, { stdin: 'pipe' })
  free.child.stdin?.end()
  line.send(candleMessage(candles[0]!))
  t.ok(await line.next('decided'))
})

t.test('a gateway that disappears and returns finds the bot again', async (t) => {
  const { bot, line } = await welcomed(t)
  line.send(...candles.slice(0, 30).map((candle) => candleMessage(candle)))
  const decided: BotDecided[] = []
  while (decided.length < 30) decided.push(await line.next('decided'))
  await bot.closeGateway()
  await bot.logged('not connected: entering nothing, connecting again')
  await bot.openGateway()

  const back = await bot.line()
  await back.next('hello')
  const { strategyId, symbol, candleTime, state } = decided[19]!
  back.send(welcome({ resume: [{ strategyId, symbol, candleTime, state }] }))
  back.send(...candles.slice(20, 30).map((candle) => candleMessage(candle)))
  for (let index = 20; index < 30; index++) {
    const again = await back.next('decided')
    t.strictSame(
      [again.candleTime, again.signal, again.state],
      [decided[index]!.candleTime, decided[index]!.signal, decided[index]!.state],
    )
  }
  t.equal((await back.next('heartbeat')).progress, 30, 'one process all along')
})

t.test('garbage is logged, the line is cut, and the bot comes again', async (t) => {
  const garbage: [string, (string | Buffer)[]][] = [
    ['not JSON', ['{"type":\n']],
    ['binary', [Buffer.from([0xff, 0x00, 0xfe, 0x0a])]],
    ['not a message', ['[]\n']],
    ['a candle before welcome', [`${JSON.stringify(candleMessage(candles[0]!))}\n`]],
    ['a welcome of another protocol', [`${JSON.stringify({ ...welcome(), protocol: 9 })}\n`]],
    ['a welcome without trades', [`${JSON.stringify({ ...welcome(), trades: undefined })}\n`]],
    [
      'a candle without prices',
      [`${JSON.stringify(welcome())}\n`, '{"type":"candle","key":{},"candle":{},"mode":"live"}\n'],
    ],
    ['a line without end', [Buffer.alloc(5 * 1024 * 1024, 'x')]],
  ]
  const comesAgain = async ([name, lines]: (typeof garbage)[number]) => {
    const bot = await botProcess(t)
    const line = await bot.line()
    await line.next('hello')
    for (const bytes of lines) line.sendRaw(bytes)
    const logged = await bot.logged('the gateway talks garbage')
    t.match(logged, { level: 'error', err: { type: 'ProtocolError' } }, name)
    const again = await bot.line()
    again.send(welcome(), candleMessage(candles[0]!))
    t.ok(await again.next('decided'), `${name}: after it the bot works`)
  }
  await Promise.all(garbage.map(comesAgain))
})

t.test('what a later version may say is logged and left out', async (t) => {
  const { bot, line } = await welcomed(t)
  line.send({ type: 'news' } as unknown as GatewayMessage, candleMessage(candles[0]!))
  t.ok(await line.next('decided'))
  await bot.logged('the gateway said something this version does not know')
})

t.test('reads no more than the gateway takes', async (t) => {
  const { bot, line } = await welcomed(t, { args: ['--log-level', 'debug'] })
  const many = walk(10_000, { timeframe: 'M5', seed: 5 })
  line.socket.pause()
  line.send(...many.map((candle) => candleMessage(candle)))
  const decided = () => bot.logs.filter(({ msg }) => msg === 'candle decided').length
  const held = await until('the bot to stop reading', async () => {
    const before = decided()
    await new Promise((resolve) => setTimeout(resolve, 200))
    return before > 0 && decided() === before && before
  })
  t.ok(held < many.length / 10, `${held} candles were read, the others wait in the gateway`)
  line.socket.resume()
  const answers = () => line.said.filter(({ type }) => type === 'decided').length
  await until('every decision', () => answers() === many.length, { timeoutMs: 60_000 })
})

t.test('an exhausted heap ends it as V8 ends', async (t) => {
  const { bot, line } = await welcomed(t, { nodeFlags: ['--max-old-space-size=16', '--max-semi-space-size=1'] })
  const trade = {
    strategyId: strategy.id,
    symbol: 'BTCUSDT',
    direction: 'call',
    level: 0,
    stake: '10.00',
    profit: '0',
  } as const
  const flood = (from: number) =>
    Array.from({ length: 2_000 }, (_, index) => {
      const open = { ...trade, tradeId: `${from + index}`, status: 'open', signalTime: 0, closedAt: null } as const
      return { type: 'trade', trade: open } as const
    })
  let end: number | string | undefined
  const ended = bot.ended().then((how) => {
    end = how
  })
  // At the bot's pace: what it has not read yet fills no heap but ours.
  for (let from = 0; end === undefined; from += 2_000) {
    line.send(...flood(from))
    const isFull = line.socket.writableNeedDrain
    await Promise.race([isFull ? once(line.socket, 'drain').catch(() => ended) : setImmediate(), ended])
  }
  t.equal(end, 'SIGABRT', 'which an init makes 134')
  t.match(bot.stderr(), /heap out of memory/)
})

t.test('runs where it may read nothing but itself', async (t) => {
  const { line } = await welcomed(t, { nodeFlags: ['--experimental-permission', `--allow-fs-read=${bundlePath}`] })
  line.send(candleMessage(candles[0]!))
  t.ok(await line.next('decided'))
})
