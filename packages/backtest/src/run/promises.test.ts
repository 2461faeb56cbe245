import { type Candle, type Direction, type MartingalePlan, money } from '@sath/core'
import {
  type BotStart,
  createBot,
  createDecisionHash,
  type DecisionRecord,
  decisionRecord,
  onCandle,
  onTrade,
  stakeFor,
} from '@sath/engine'
import { paperMarket, walk } from '@sath/testkit'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { BacktestInput } from './backtest-input.js'
import type { BacktestTrade } from './backtest-trade.js'
import { eight, inputOf, keyOf, runOf, strategyConfig } from './run.fixture.js'

const { martingale } = strategyConfig()
const directions: readonly Direction[] = ['call', 'put']

/** Eight strategies with ladders, under no limits: surely there are wins after losses. */
const unlimited = inputOf(eight)

/** Eight strategies with ladders of one kind, under limits that bite. */
const inputs = fc
  .record({
    plan: fc.constantFrom<MartingalePlan>('none', 'classic', 'break-even', 'target'),
    ladder: fc.constantFrom('single' as const, 'dual' as const),
    next: fc.constantFrom('signal' as const, 'candle' as const),
    payout: fc.constantFrom('0.80', '0.85', '0.92'),
    timezone: fc.constantFrom('UTC', 'America/Sao_Paulo', 'Asia/Tokyo'),
    risk: fc.constantFrom(
      {},
      { maxDailyLoss: '150', maxDailyProfit: '120', maxTradesPerDay: 60 },
      { stopDrawdownPct: 1, maxExposure: '70' },
    ),
    limits: fc.constantFrom(
      {},
      { cooldownCandles: 3, cooldownAfterLosses: 2 },
      { maxDailyLoss: '30', maxTradesPerDay: 9 },
    ),
  })
  .map(({ plan, ladder, next, payout, timezone, risk, limits }) => {
    const changes = { martingale: { ...martingale, plan, ladder, next }, risk: limits }
    const input = inputOf(
      eight.map((each) => ({ ...each, ...changes })),
      { payout },
      risk,
    )
    return { ...input, config: { ...input.config, timezone } }
  })
const seeds = fc.integer({ min: 1, max: 10_000 })
const bars = (seed: number, count = 700) => walk(count, { timeframe: 'M5', seed, from: 1_000 })
const feedOf = (series: readonly Candle[]) => series.map((bar) => [keyOf('M5'), bar] as const)
const sum = (amounts: readonly string[]) => amounts.reduce(money.add, '0')

t.test('profits are what stakes and payout make of the results, to the cent', async (t) => {
  fc.assert(
    fc.property(inputs, seeds, (input, seed) => {
      const { closed, decided } = runOf(input, feedOf(bars(seed)))
      t.equal(closed.length, decided.filter(({ intent }) => intent).length, 'every intent ends once')
      const won = closed.filter(({ status }) => status === 'win')
      const lost = closed.filter(({ status }) => status === 'loss')
      const gains = won.map(({ stake }) => money.round(money.multiply(stake, input.payout), 2))
      const expected = money.subtract(sum(gains), sum(lost.map(({ stake }) => stake)))
      t.equal(money.compare(sum(closed.map(({ profit }) => profit)), expected), 0)
    }),
    { numRuns: 12 },
  )
})

t.test('a ladder stakes what its own results ask for, and a win never ends below what its plan promises', async (t) => {
  let wins = 0
  fc.assert(
    fc.property(inputs, seeds, (input, seed) => {
      const { closed } = runOf(input, feedOf(bars(seed)))
      const ladder = input.config.strategies[0]!.martingale
      for (const { id } of input.config.strategies) {
        const mine = closed.filter(({ strategyId }) => strategyId === id)
        const chains =
          ladder.ladder === 'dual'
            ? directions.map((each) => mine.filter(({ direction }) => direction === each))
            : [mine]
        for (const chain of chains) wins += check(t, input, chain)
      }
    }),
    { numRuns: 12, examples: [[unlimited, 1]] },
  )
  t.ok(wins > 100, `${wins} wins after losses`)
})

/** Walks one ladder's trades by the words of the rules. Returns how many wins came after losses. */
function check(t: Test, { config, payout }: BacktestInput, chain: readonly BacktestTrade[]): number {
  const { martingale, stake: base } = strategyConfig(config.strategies[0])
  let level = 0
  let lost = '0'
  let wins = 0
  for (const trade of [...chain].sort((a, b) => a.signalTime - b.signalTime)) {
    t.equal(trade.level, level)
    t.equal(trade.stake, stakeFor(martingale, base, { level, lost }, payout))
    if (trade.status === 'win') {
      const left = money.subtract(trade.profit, lost)
      const promised = martingale.plan === 'target' ? money.multiply(base, payout) : '0'
      if (level > 0 && martingale.plan !== 'classic') {
        wins++
        t.ok(money.compare(left, promised) >= 0, `${left} after level ${level}`)
      }
    }
    if (
      trade.status === 'win' ||
      (trade.status === 'loss' && (martingale.plan === 'none' || level === martingale.maxLevel))
    ) {
      level = 0
      lost = '0'
    } else if (trade.status === 'loss') {
      level += 1
      lost = money.add(lost, trade.stake)
    }
  }
  return wins
}

t.test('a bot that is killed at any candle and resumed from what was kept decides as the back-test does', async (t) => {
  fc.assert(
    fc.property(inputs, seeds, fc.integer({ min: 1, max: 60 }), (input, seed, every) => {
      const series = bars(seed, 400)
      const kept = session(input, series, (index) => index > 0 && index % every === 0)
      t.equal(kept, runOf(input, feedOf(series)).hash)
    }),
    { numRuns: 12 },
  )
})

/** Plays a session by hand: a market of its own, records as JSON, a new bot after each kill. Returns the hash of its records. */
function session(
  { config, payout }: BacktestInput,
  series: readonly Candle[],
  kill: (index: number) => boolean,
): string {
  const market = paperMarket({ payout })
  const hash = createDecisionHash()
  const kept = new Map<string, DecisionRecord>()
  const start = (): BotStart => ({
    tenantId: 'somebody',
    configVersion: 7,
    config,
    defaultSource: 'csv',
    payouts: { BTCUSDT: payout },
    resume: [...kept.values()],
    trades: market.trades,
  })
  let bot = createBot(start())
  for (const [index, candle] of series.entries()) {
    if (kill(index)) bot = createBot(JSON.parse(JSON.stringify(start())))
    for (const trade of market.close('BTCUSDT', candle)) onTrade(bot, trade)
    for (const decided of onCandle(bot, keyOf('M5'), candle, 'live')) {
      const record: DecisionRecord = JSON.parse(JSON.stringify(decisionRecord(bot, decided)))
      hash.add(record)
      const { strategyId, symbol, candleTime, intent } = record
      kept.set(strategyId, record)
      if (!intent) continue
      const { intentId: tradeId, direction, level, stake } = intent
      onTrade(bot, market.enter({ tradeId, strategyId, symbol, direction, level, stake, candleTime }))
    }
  }
  return hash.digest()
}
