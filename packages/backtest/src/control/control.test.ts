import type { BotConfig } from '@sath/core'
import { catalogue } from '@sath/strategies'
import t from 'tap'
import { Cancelled } from '../hooks.js'
import { createReport } from '../report/create-report.js'
import { judge } from '../report/verdict.js'
import { createBacktest } from '../run/backtest.js'
import { type ControlInput, controlRun } from './control-run.js'
import { randomWalk } from './random-walk.js'

const eight = [
  'rsi-reversal',
  'macd-cross',
  'bollinger-bounce',
  'ema-cross',
  'stochastic',
  'adx-trend',
  'donchian-breakout',
  'price-action',
]

function strategy(id: string): BotConfig['strategies'][number] {
  return {
    id,
    name: id,
    enabled: true,
    strategy: id,
    params: {},
    symbols: ['WALK'],
    timeframe: 'M5',
    instrument: 'binary',
    expiryCandles: 1,
    stake: '10.00',
    martingale: { plan: 'none', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 0 },
    risk: {},
  }
}

function input(changes: Partial<ControlInput> = {}, payout = '0.85', ids: readonly string[] = eight): ControlInput {
  const config: BotConfig = {
    mode: 'paper',
    onStop: 'close',
    capital: '1000.00',
    risk: {},
    strategies: ids.map(strategy),
  }
  return {
    backtest: { config, defaultSource: 'walk', payout, spread: '0' },
    runs: 200,
    candles: 300,
    seed: 1,
    ...changes,
  }
}

t.test('the eight strategies are the ones of the catalogue', (t) => {
  for (const id of eight)
    t.ok(
      catalogue.some((known) => known.id === id),
      id,
    )
  t.end()
})

t.test('no edge is shown on random walks, at the usual payout', (t) => {
  const { verdicts, sentence } = controlRun(input())
  t.ok(verdicts.edge <= 2, `${verdicts.edge} of 200: break-even is far above the true 50 %, though not out of reach`)
  t.equal(verdicts.edge + verdicts.worse + verdicts['no-edge'] + verdicts['too-few'], 200)
  t.match(sentence, new RegExp(`^On 200 random walks an edge was shown ${verdicts.edge} times?: `))
  t.end()
})

t.test('where break-even is the true rate, all eight together show an edge as rarely as the interval promises', (t) => {
  // At payout 1 break-even is 50 %, which is true of a random walk. Expected 2.5 % of 200 = 5 ± 2.2; 12 is 3 deviations more.
  const { verdicts } = controlRun(input({ seed: 2 }, '1'))
  t.ok(verdicts.edge <= 12, `${verdicts.edge} of 200 showed an edge`)
  t.ok(verdicts.worse <= 12, `${verdicts.worse} of 200 were shown to be worse`)
  t.ok(verdicts['no-edge'] > 170)
  t.ok(verdicts.edge + verdicts.worse > 0, 'the walks differ, so some go far by chance')
  t.end()
})

t.test('each strategy on its own shows an edge as rarely as the interval promises', (t) => {
  const { backtest } = input({}, '1')
  const codes = { edge: 0, worse: 0, 'no-edge': 0, 'too-few': 0 }
  for (let stream = 0; stream < 50; stream++) {
    const report = createReport(backtest)
    const run = createBacktest(backtest, report)
    const walk = randomWalk({ seed: 3, stream, timeframe: 'M5' })
    for (let n = 0; n < 800; n++) {
      const { value } = walk.next()
      if (value) run.push({ source: 'walk', symbol: 'WALK', timeframe: 'M5' }, value)
    }
    run.finish()
    for (const row of report.report().byStrategy) codes[judge(row).code] += 1
  }
  const judged = codes.edge + codes.worse + codes['no-edge']
  const most = 0.025 * judged + 3 * Math.sqrt(0.025 * 0.975 * judged)
  t.ok(judged > 200, `${judged} had trades enough`)
  t.ok(codes.edge <= most, `${codes.edge} of ${judged} showed an edge, at most ${most.toFixed(1)} expected`)
  t.ok(codes.worse <= most, `${codes.worse} of ${judged} were shown to be worse`)
  t.end()
})

t.test('an edge that is there is shown', (t) => {
  // A breakout follows a move, and here two of three candles go on as the last one did.
  const planted = input({ persistence: 2 / 3, runs: 3, candles: 5_000 }, '0.85', ['donchian-breakout'])
  t.match(controlRun(planted), { runs: 3, verdicts: { edge: 3 }, edgeShown: { value: 1 } })
  const against = input({ persistence: 1 / 3, runs: 3, candles: 5_000 }, '0.85', ['donchian-breakout'])
  t.match(controlRun(against), { verdicts: { worse: 3 } })
  t.end()
})

t.test('walks without trades enough are told apart from walks without an edge', (t) => {
  const { sentence, verdicts } = controlRun(input({ runs: 2, candles: 20 }))
  t.match(verdicts, { edge: 0, 'too-few': 2 })
  t.match(sentence, /edge was shown 0 times: .*; 2 of them had too few trades to tell\.$/)
  t.end()
})

t.test('it is the same for the same seed, says how far it is, and stops when asked to', (t) => {
  const small = input({ runs: 4, candles: 100 })
  const told: number[] = []
  t.same(controlRun(small, { onProgress: (fraction) => told.push(fraction) }), controlRun(small))
  t.same(told, [0, 0.25, 0.5, 0.75, 1])
  t.throws(() => controlRun(small, { shouldStop: () => true }), Cancelled)
  t.end()
})

t.test('a wrong number is refused with the name of its field', (t) => {
  const table: [Partial<ControlInput>, string][] = [
    [{ runs: 0 }, 'runs'],
    [{ candles: 1.5 }, 'candles'],
    [{ seed: -1 }, 'seed'],
    [{ persistence: 1.1 }, 'persistence'],
  ]
  for (const [changes, path] of table) {
    t.throws(() => controlRun(input(changes)), { code: 'invalid-request', errors: [{ path }] }, path)
  }
  t.end()
})

t.test('a walk goes up as often as down, and its candles are sound', (t) => {
  const walk = randomWalk({ seed: 5, timeframe: 'M1' })
  let [ups, repeats, last] = [0, 0, 0]
  let before: { time: number; close: number } | undefined
  for (let n = 0; n < 10_000; n++) {
    const { value } = walk.next()
    if (!value) break
    const { time, open, high, low, close } = value
    if (high < Math.max(open, close) || low > Math.min(open, close)) t.fail(`candle ${n} is not one`)
    if (before && (time !== before.time + 60_000 || open !== before.close)) t.fail(`candle ${n} does not follow`)
    const way = Math.sign(close - open)
    if (way > 0) ups += 1
    if (way === last) repeats += 1
    last = way
    before = value
  }
  t.ok(Math.abs(ups - 5_000) < 150, `${ups} of 10000 up`)
  t.ok(Math.abs(repeats - 5_000) < 150, `${repeats} of 10000 as the one before`)
  t.end()
})
