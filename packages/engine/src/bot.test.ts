import { AppError, type BotConfig, type MartingalePlan, money } from '@sath/core'
import fc from 'fast-check'
import t from 'tap'
import { checkpointOf, configure, createBot, drain, intentId, onCandle, onTrade } from './index.js'
import { botConfig, strategyConfig } from './testing/configs.js'
import { busyStart, busyStrategy, marketSteps, play } from './testing/play.js'

const second = '5f0c7f3e-6f3b-4b51-9d0a-0a4d2f6f1c02'
const { martingale } = busyStrategy()

/** Configurations that use everything a decision can depend on. */
const configs = fc
  .record({
    plan: fc.constantFrom<MartingalePlan>('none', 'classic', 'break-even', 'target'),
    ladder: fc.constantFrom('single' as const, 'dual' as const),
    next: fc.constantFrom('signal' as const, 'candle' as const),
    confirm: fc.boolean(),
    cooldownCandles: fc.constantFrom(0, 3),
    limits: fc.constantFrom<BotConfig['risk']>(
      {},
      { maxDailyLoss: '60', maxDailyProfit: '40' },
      { maxTradesPerDay: 9, maxExposure: '45' },
      { stopDrawdownPct: 20, targetProfitPct: 10 },
    ),
  })
  .map(({ plan, ladder, next, confirm, cooldownCandles, limits }) =>
    botConfig({
      risk: limits,
      strategies: [
        busyStrategy({
          symbols: ['BTCUSDT', 'ETHUSDT'],
          martingale: { ...martingale, plan, ladder, next },
          risk: { cooldownCandles, maxTradesPerDay: 30 },
          ...(confirm && { confirmTimeframe: 'M15' as const }),
        }),
        busyStrategy({ id: second, strategy: 'rsi-reversal', params: { period: 2, oversold: 45, overbought: 55 } }),
      ],
    }),
  )
const seeds = fc.integer({ min: 1, max: 10_000 })

t.test('resumed at any candle from JSON and trades, it decides as if it had never stopped', async (t) => {
  fc.assert(
    fc.property(configs, seeds, fc.integer({ min: 2, max: 40 }), (config, seed, every) => {
      const steps = marketSteps(400, seed, ['BTCUSDT', 'ETHUSDT'])
      const whole = play(busyStart({ config }), steps)
      const killed = play(busyStart({ config }), steps, { killBefore: (index) => index > 0 && index % every === 0 })
      t.strictSame(killed.decided, whole.decided)
      t.strictSame(killed.market.trades, whole.market.trades)
    }),
    { numRuns: 12 },
  )
  const steps = marketSteps(150, 7)
  const whole = play(busyStart(), steps)
  t.ok(
    whole.market.trades.some(({ level }) => level === 2),
    'the run climbs to the top of a ladder',
  )
  t.strictSame(
    play(busyStart(), steps, { killBefore: (index) => index > 0 }).decided,
    whole.decided,
    'killed at every candle',
  )
})

t.test('one decision for each candle, strategy and symbol, with an intent exactly when it trades', async (t) => {
  fc.assert(
    fc.property(configs, seeds, (config, seed) => {
      const steps = marketSteps(200, seed, ['BTCUSDT', 'ETHUSDT'])
      const { bot, decided, market } = play(busyStart({ config }), steps)
      const names = decided.map(({ strategyId, symbol, candleTime }) => `${strategyId} ${symbol} ${candleTime}`)
      t.equal(new Set(names).size, names.length)
      t.equal(names.length, 200 * 3, 'two symbols of the one, one of the other')
      t.equal(new Set(market.trades.map(({ tradeId }) => tradeId)).size, market.trades.length)
      t.ok(decided.every(({ outcome, intent }) => (outcome === 'traded') === (intent !== null)))
      t.same(
        steps.flatMap(({ key, candle }) => onCandle(bot, key, candle, 'live')),
        [],
        'a second time it has no answer',
      )
    }),
    { numRuns: 10 },
  )
})

t.test('what it decides depends on no later candle', async (t) => {
  fc.assert(
    fc.property(configs, seeds, fc.integer({ min: 20, max: 199 }), (config, seed, at) => {
      const steps = marketSteps(200, seed)
      const cut = steps.findIndex(({ candle, key }) => key.timeframe === 'M5' && candle.time === steps[at]?.candle.time)
      const changed = steps.map((step, index) =>
        index <= cut ? step : { ...step, candle: { ...step.candle, close: step.candle.open * 1.5 } },
      )
      const until = (played: ReturnType<typeof play>) =>
        played.decided.filter(({ candleTime }) => candleTime <= (steps[cut]?.candle.time ?? 0))
      const whole = until(play(busyStart({ config }), steps))
      t.strictSame(until(play(busyStart({ config }), steps.slice(0, cut + 1))), whole, 'cut off')
      t.strictSame(until(play(busyStart({ config }), changed)), whole, 'changed')
    }),
    { numRuns: 10 },
  )
})

t.test('profits add up to what the account gained', async (t) => {
  fc.assert(
    fc.property(configs, seeds, (config, seed) => {
      const { market } = play(busyStart({ config }), marketSteps(200, seed, ['BTCUSDT', 'ETHUSDT']))
      const open = market.trades.filter(({ status }) => status === 'open')
      const profit = market.trades.reduce((sum, trade) => money.add(sum, trade.profit), '0')
      const tied = open.reduce((sum, { stake }) => money.add(sum, stake), '0')
      t.equal(money.compare(market.balance, money.subtract(profit, tied)), 0)
      for (const { strategyId, symbol, direction } of open) {
        const same = open.filter((trade) => trade.strategyId === strategyId && trade.symbol === symbol)
        t.equal(same.filter((trade) => trade.direction === direction).length, 1, 'one open trade a direction')
      }
    }),
    { numRuns: 10 },
  )
})

t.test('confirms with closed bars only', async (t) => {
  const confirmed = busyStart({ config: botConfig({ strategies: [busyStrategy({ confirmTimeframe: 'M15' })] }) })
  const steps = marketSteps(400, 11)
  const filtered = play(confirmed, steps)
  const count = (outcome: string) => filtered.decided.filter((decision) => decision.outcome === outcome).length
  t.ok(count('filter') > 10 && count('traded') > 10, `${count('filter')} dropped, ${count('traded')} traded`)
  const early = filtered.decided.slice(0, 149)
  t.notOk(
    early.some(({ outcome }) => outcome === 'traded' || outcome === 'filter'),
    'no opinion before 50 bars of M15',
  )

  const withoutM15 = play(
    confirmed,
    steps.filter(({ key }) => key.timeframe === 'M5'),
  )
  t.notOk(
    withoutM15.decided.some(({ outcome }) => outcome === 'traded'),
    'without its bars nothing is confirmed',
  )
})

t.test('answers by mode', async (t) => {
  const steps = marketSteps(60, 3).filter(({ key }) => key.timeframe === 'M5')
  const bot = createBot(busyStart())
  const answers = (mode: 'live' | 'stale' | 'warm-up', from: number, to: number) =>
    steps.slice(from, to).flatMap(({ key, candle }) => onCandle(bot, key, candle, mode))
  t.same(answers('warm-up', 0, 20), [], 'warming up has no answers')
  const stale = answers('stale', 20, 40)
  t.equal(stale.length, 20)
  t.ok(stale.every(({ outcome, signal }) => outcome === (signal ? 'stale' : 'no-signal')))
  t.ok(stale.some(({ outcome }) => outcome === 'stale'))
  t.ok(answers('live', 40, 60).some(({ outcome }) => outcome === 'traded'))
})

t.test('a candle can be for some strategies only', async (t) => {
  const config = botConfig({ strategies: [busyStrategy(), busyStrategy({ id: second })] })
  const bot = createBot(busyStart({ config }))
  const [step] = marketSteps(3, 3).filter(({ key }) => key.timeframe === 'M5')
  const only = onCandle(bot, step!.key, step!.candle, 'live', [second])
  t.same(
    only.map(({ strategyId }) => strategyId),
    [second],
  )
  const rest = onCandle(bot, step!.key, step!.candle, 'live')
  t.same(
    rest.map(({ strategyId }) => strategyId),
    [busyStrategy().id],
    'the other has not seen it yet',
  )
})

t.test('a drained bot enters nothing', async (t) => {
  const bot = createBot(busyStart())
  drain(bot)
  const decided = marketSteps(60, 3).flatMap(({ key, candle }) => onCandle(bot, key, candle, 'live'))
  t.ok(decided.some(({ outcome }) => outcome === 'draining'))
  t.notOk(decided.some(({ intent }) => intent))
})

t.test('a new configuration keeps what it does not touch', async (t) => {
  const steps = marketSteps(40, 3).filter(({ key }) => key.timeframe === 'M5')
  const bot = createBot(busyStart())
  for (const { key, candle } of steps.slice(0, 39)) onCandle(bot, key, candle, 'live')
  const changed = [busyStrategy({ stake: '20.00' }), busyStrategy({ id: second })]
  configure(bot, { ...busyStart(), configVersion: 2, config: botConfig({ strategies: changed }) })
  const { key, candle } = steps[39]!
  const [kept, fresh] = onCandle(bot, key, candle, 'live')
  t.match([kept?.configVersion, checkpointOf(bot, kept!).bars], [2, 40])
  t.match([fresh?.outcome, checkpointOf(bot, fresh!).bars], ['warm-up', 1])

  const before = bot.slots
  t.throws(
    () => configure(bot, { ...busyStart(), config: botConfig({ strategies: [strategyConfig({ strategy: 'moon' })] }) }),
    { code: 'invalid-request' },
  )
  t.equal(bot.slots, before, 'a configuration that cannot run changes nothing')
})

t.test('refuses to start with what cannot run, and ignores checkpoints of something else', async (t) => {
  const moon = botConfig({ strategies: [strategyConfig({ strategy: 'moon' })] })
  t.throws(() => createBot(busyStart({ config: moon })), AppError)

  const { decided } = play(busyStart(), marketSteps(40, 3))
  const { strategyId, symbol, state } = decided.at(-1)!
  const barsAfter = (state: unknown) =>
    createBot(busyStart({ resume: [{ strategyId, symbol, state }] })).slots[0]!.fold.bars
  t.equal(barsAfter(state), 40)
  t.equal(barsAfter({ ...state, of: state.of.replace('3', '4') }), 0, 'of other parameters')
  t.equal(barsAfter({ ...state, bars: null }), 0, 'not a number')
  t.equal(barsAfter({ ...state, more: 1 }), 0, 'another layout')
  t.equal(barsAfter('garbage'), 0)
})

t.test('the intent id is the same for the same question, a UUID, and another for every other question', async (t) => {
  const id = intentId('tenant', 'strategy', 'BTCUSDT', 1_700_000_000_000)
  t.equal(id, intentId('tenant', 'strategy', 'BTCUSDT', 1_700_000_000_000))
  t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const others = [
    intentId('tenanT', 'strategy', 'BTCUSDT', 1_700_000_000_000),
    intentId('tenant', 'strategY', 'BTCUSDT', 1_700_000_000_000),
    intentId('tenant', 'strategy', 'BTCUSDC', 1_700_000_000_000),
    intentId('tenant', 'strategy', 'BTCUSDT', 1_700_000_300_000),
    intentId('tenan', 'tstrategy', 'BTCUSDT', 1_700_000_000_000),
  ]
  t.equal(new Set([id, ...others]).size, 6)
})

t.test('a trade that is told late or twice changes nothing twice', async (t) => {
  const bot = createBot(busyStart())
  const { market } = play(busyStart(), marketSteps(60, 3))
  const [trade] = market.trades.filter(({ status }) => status === 'loss')
  onTrade(bot, trade!)
  onTrade(bot, { ...trade!, status: 'open', profit: '0', closedAt: null })
  onTrade(bot, { ...trade!, status: 'win', profit: '8.50' })
  t.equal(bot.book.open.length, 0, 'a late "open" does not reopen it')
  t.strictSame(bot.book.closed.recent, [trade], 'the first end stands')
})
