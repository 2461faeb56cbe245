import type { BotConfig, Candle, SeriesKey } from '@sath/core'
import fc from 'fast-check'
import t from 'tap'
import { randomWalk } from '../control/random-walk.js'
import { Cancelled } from '../hooks.js'
import { createBacktest } from '../run/backtest.js'
import type { BacktestTrade } from '../run/backtest-trade.js'
import { optimise } from './optimise.js'
import { checkOptimise, type OptimiseInput } from './optimise-input.js'

const key: SeriesKey = { source: 'walk', symbol: 'WALK', timeframe: 'M5' }

function configOf(changes: Partial<BotConfig['strategies'][number]> = {}): BotConfig {
  const strategy = {
    id: 'a',
    name: 'A',
    enabled: true,
    strategy: 'ema-cross',
    params: { slow: 12 },
    symbols: ['WALK'],
    timeframe: 'M5',
    instrument: 'binary',
    expiryCandles: 1,
    stake: '10.00',
    martingale: { plan: 'none', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 0 },
    risk: {},
    ...changes,
  } as const
  return { mode: 'paper', onStop: 'close', capital: '1000.00', risk: {}, strategies: [strategy] }
}

function search(changes: Partial<OptimiseInput> = {}, config = configOf()): OptimiseInput {
  return {
    backtest: { config, defaultSource: 'walk', payout: '0.85', spread: '0' },
    search: 'grid',
    ranges: { fast: { from: 2, to: 6, step: 2 } },
    variants: 100,
    windows: 3,
    trainShare: 0.6,
    seed: 1,
    score: 'win-rate',
    minTrades: 10,
    ...changes,
  }
}

function walk(count: number, persistence = 0.5, seed = 1): [SeriesKey, Candle][] {
  const candles: [SeriesKey, Candle][] = []
  for (const candle of randomWalk({ seed, timeframe: 'M5', persistence })) {
    if (candles.length === count) break
    candles.push([key, candle])
  }
  return candles
}

t.test('each window tests what was best in its training', (t) => {
  const candles = walk(1_500)
  const report = optimise(search(), () => candles)
  t.equal(report.variantsTried, 3)
  for (const { train, test, chosen, eligible } of report.windows) {
    const known = [2, 4, 6].map((fast) => {
      const trades = tradesOf(fast, candles)
      const training = trades.filter((each) => inside(each.openedAt, train) && (each.closedAt ?? 0) <= train.to)
      const testing = trades.filter((each) => inside(each.openedAt, test))
      return { fast, rate: rateOf(training), trained: training.length, tested: testing.length }
    })
    const best = known.reduce((a, b) => (b.rate > a.rate ? b : a))
    t.equal(eligible, known.filter(({ trained }) => trained >= 10).length)
    t.same(chosen?.params, { fast: best.fast })
    t.equal(chosen?.train.trades, best.trained)
    t.equal(chosen?.test.trades, best.tested)
    t.equal(chosen?.train.winRate?.value, best.rate)
  }
  const tested = report.windows.reduce((sum, { chosen }) => sum + (chosen?.test.trades ?? 0), 0)
  t.equal(report.outOfSample.trades, tested, 'all tests together')
  t.end()
})

function tradesOf(fast: number, candles: Iterable<readonly [SeriesKey, Candle]>): BacktestTrade[] {
  const trades: BacktestTrade[] = []
  const { backtest } = search({}, configOf({ params: { slow: 12, fast } }))
  const run = createBacktest(backtest, { closed: (trade) => trades.push(trade) })
  for (const [series, candle] of candles) run.push(series, candle)
  run.finish()
  return trades.filter(({ openedAt }) => openedAt !== null)
}

function inside(time: number | null, { from, to }: { from: number; to: number }): boolean {
  return time !== null && time >= from && time < to
}

function rateOf(trades: readonly BacktestTrade[]): number {
  const wins = trades.filter(({ status }) => status === 'win').length
  return wins / (wins + trades.filter(({ status }) => status === 'loss').length)
}

t.test('no choice depends on what comes after its training', (t) => {
  const candles = walk(900)
  const report = optimise(search(), () => candles)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 2, max: 1_000 }), (index, seed) => {
      const until = report.windows[index]?.train.to ?? 0
      const other = walk(900, 0.5, seed)
      const changed = candles.map((known, n) => (known[1].time < until ? known : (other[n] ?? known)))
      const again = optimise(search(), () => changed)
      for (let n = 0; n <= index; n++) {
        const [one, two] = [report.windows[n]?.chosen, again.windows[n]?.chosen]
        t.same(two?.params, one?.params)
        t.same(two?.train, one?.train)
      }
    }),
    { numRuns: 8 },
  )
  t.end()
})

t.test('an edge that is there is found out of sample, and none where there is none', (t) => {
  const planted = walk(6_000, 0.68)
  const found = optimise(search({ ranges: { fast: [2, 3, 4], slow: [5, 8] }, windows: 4 }), () => planted)
  t.equal(found.outOfSample.verdict.code, 'edge')
  t.ok((found.best?.adjusted?.low ?? 0) > 1 / 1.85, 'and survives the widened interval')
  const { performance, adjusted, confidence } = found.best ?? {}
  t.equal(confidence?.toFixed(6), '0.991488', 'six tries at 95 % together')
  const plain = performance?.winRate
  const halves = [adjusted, plain].map((estimate) => (estimate ? estimate.high - estimate.low : 0))
  // Normal quantiles at 99.57 % and 97.5 %: 2.631 over 1.960.
  t.equal(((halves[0] ?? 0) / (halves[1] ?? 1)).toFixed(2), '1.34')
  t.match(found.sentence, /^6 variants were tried\. .*Out of sample: edge shown at 95 %/)

  const chance = walk(6_000)
  const none = optimise(search({ ranges: { fast: [2, 3, 4], slow: [5, 8] }, windows: 4 }), () => chance)
  t.not(none.outOfSample.verdict.code, 'edge')
  t.match(none.sentence, /luck alone would show about 5\d\.\d\d %\. Out of sample: no edge shown/)
  const [trained, tested] = [none.inTraining.winRate?.value ?? 0, none.outOfSample.winRate?.value ?? 1]
  t.ok(trained > tested, `in training ${trained}, out of sample ${tested}: what was chosen was luck`)
  t.end()
})

t.test('the same market under two names is no more than one', (t) => {
  const one = walk(1_500)
  const two = one.flatMap((known): [SeriesKey, Candle][] => [known, [{ ...key, symbol: 'TWIN' }, known[1]]])
  const once = optimise(search(), () => one)
  const twice = optimise(search({}, configOf({ symbols: ['WALK', 'TWIN'] })), () => two)
  t.equal(twice.outOfSample.trades, 2 * once.outOfSample.trades)
  const [alone, together] = [once.outOfSample.verdict.weighed, twice.outOfSample.verdict.weighed]
  t.equal(together?.low.toFixed(9), alone?.low.toFixed(9))
  t.equal(together?.high.toFixed(9), alone?.high.toFixed(9))
  t.equal(twice.best?.adjusted?.low.toFixed(9), once.best?.adjusted?.low.toFixed(9))
  t.end()
})

t.test('too few trades in training choose nothing and are not tested', (t) => {
  const candles = walk(600)
  const report = optimise(search({ minTrades: 5_000 }), () => candles)
  t.match(report, { best: null, outOfSample: { trades: 0, verdict: { code: 'too-few' } } })
  t.ok(report.windows.every(({ chosen, eligible, luckyWinRate }) => !chosen && eligible === 0 && luckyWinRate === null))
  t.match(report.sentence, /None had enough trades in training to be chosen\./)
  t.end()
})

t.test('the score decides what is best', (t) => {
  // A spot trade's win says nothing of how much it gains.
  const config = configOf({ instrument: 'spot', expiryCandles: 3 })
  const candles = walk(2_000)
  const best = (score: OptimiseInput['score']) => {
    const input = search({ score, windows: 1, ranges: { fast: [2, 3, 4, 5, 6], slow: [8, 10, 12, 14] } }, config)
    return optimise(input, () => candles)
  }
  const [rate, mean, profit] = [best('win-rate'), best('mean-return'), best('profit')]
  const trained = (report: ReturnType<typeof best>) => report.windows[0]?.chosen?.train
  t.ok((trained(rate)?.winRate?.value ?? 0) >= (trained(mean)?.winRate?.value ?? 1))
  t.ok((trained(mean)?.meanReturn?.value ?? 0) >= (trained(profit)?.meanReturn?.value ?? 1))
  t.ok(Number(trained(profit)?.profit) >= Number(trained(mean)?.profit))
  t.equal(mean.outOfSample.breakEvenRate, null)
  t.end()
})

t.test('what would end a variant early does not apply to a search', (t) => {
  const candles = walk(900)
  const config = configOf()
  const stopped = { ...config, risk: { stopDrawdownPct: 0.001, targetProfitPct: 0.001 } }
  t.same(
    optimise(search({}, stopped), () => candles),
    optimise(search({}, config), () => candles),
  )
  t.end()
})

t.test('it is the same for the same seed, says how far it is, and stops when asked to', (t) => {
  const candles = walk(300)
  const random = search({ search: 'random', variants: 4, ranges: { fast: { from: 2, to: 11 } } })
  const told: number[] = []
  const report = optimise(random, () => candles, { onProgress: (fraction) => told.push(fraction) })
  t.same(
    optimise(random, () => candles),
    report,
  )
  t.equal(report.variantsTried, 4)
  t.same(
    told,
    [...told].sort((a, b) => a - b),
    'never backwards',
  )
  t.equal(told.at(-1), 1)
  let asked = 0
  t.throws(() => optimise(random, () => candles, { shouldStop: () => ++asked > 3 }), Cancelled)
  t.same(JSON.parse(JSON.stringify(report)), report, 'a report is JSON')
  t.end()
})

t.test('a search that cannot run is refused with the names of its fields', (t) => {
  const table: [Partial<OptimiseInput>, string, RegExp?][] = [
    [{ variants: 0 }, 'variants'],
    [{ variants: 1_001 }, 'variants'],
    [{ windows: 0 }, 'windows'],
    [{ trainShare: 0.95 }, 'trainShare'],
    [{ trainShare: Number.NaN }, 'trainShare'],
    [{ seed: -1 }, 'seed'],
    [{ minTrades: 0 }, 'minTrades'],
    [{ strategyId: 'b' }, 'strategyId'],
    [{ ranges: {} }, 'ranges'],
    [{ variants: 2 }, 'ranges', /make 3 combinations, more than the 2 variants/],
    [{ ranges: { wick: [1] } }, 'ranges.wick', /unknown parameter; known are fast, slow/],
    [{ ranges: { fast: { from: 6, to: 2 } } }, 'ranges.fast', /upwards/],
    [{ ranges: { fast: { from: 2, to: 6, step: 0 } } }, 'ranges.fast', /above 0/],
    [{ ranges: { fast: { from: 2, to: 3, step: 0.0001 } } }, 'ranges.fast', /more than 1000 values/],
    [{ ranges: { fast: { from: 0, to: 3 } } }, 'ranges.fast', /0 is not a whole number/],
    [{ ranges: { fast: [] } }, 'ranges.fast', /must have a value/],
  ]
  for (const [changes, path, message = /./] of table) {
    const [error, another] = checkOptimise(search(changes))
    t.equal(error?.path, path, JSON.stringify(changes))
    t.match(error?.message, message)
    t.equal(another, undefined)
    t.throws(() => optimise(search(changes), () => []), { code: 'invalid-request' })
  }
  t.same(checkOptimise(search()), [])
  t.throws(() => optimise(search({ ranges: { fast: [20, 30] } }), () => []), { errors: [{ path: 'ranges' }] })
  t.throws(() => optimise(search(), () => []), /no candles/)
  t.end()
})
