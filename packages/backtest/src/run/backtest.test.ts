import type { Candle, StrategyConfig } from '@sath/core'
import { candles, walk } from '@sath/testkit'
import fc from 'fast-check'
import t from 'tap'
import { createBacktest } from './backtest.js'
import { eight, type Feed, inputOf, keyOf, runOf } from './run.fixture.js'

const start = Date.UTC(2024, 0, 1)
const minute = 60_000

/** M1 candles, one price each, by minute; undefined: the minute is missing. */
function minutes(prices: readonly (number | undefined)[]): Feed {
  return prices.flatMap((price, index) => {
    if (price === undefined) return []
    const time = start + index * minute
    const candle: Candle = { time, open: price, high: price, low: price, close: price, volume: 1 }
    return [[keyOf(), candle] as const]
  })
}

const five = (price: number) => [price, price, price, price, price]
/** Three quiet bars, then one that rises: a CALL at minute 20. */
const rise = [...five(100), ...five(100), ...five(100), ...five(101)]

t.test('a trade enters at the next open and is worth what the paper broker makes of it', async (t) => {
  const spot: Partial<StrategyConfig> = { instrument: 'spot', risk: { takeProfitPct: 2, stopLossPct: 1 } }
  const cases: [string, Partial<StrategyConfig>, spread: string, after: (number | undefined)[], expected: object][] = [
    [
      'a win',
      {},
      '0',
      [101, 101, 101, 101, 102, 90],
      {
        status: 'win',
        profit: '8.50',
        entryPrice: 101,
        exitPrice: 102,
        openedAt: start + 20 * minute,
        closedAt: start + 25 * minute,
      },
    ],
    ['a loss', {}, '0', [101, 101, 101, 101, 100.99], { status: 'loss', profit: '-10', exitPrice: 100.99 }],
    ['the same price is a refund', {}, '0', [101, 99, 99, 99, 101], { status: 'tie', profit: '0' }],
    [
      'the last minute is missing: the price before it',
      {},
      '0',
      [101, 101, 101, 102, undefined, 90],
      { status: 'win', exitPrice: 102, closedAt: start + 25 * minute },
    ],
    [
      'the first minute is missing: the next one, for its whole length',
      {},
      '0',
      [undefined, 101, 101, 101, 101, 102, 90],
      { status: 'win', openedAt: start + 21 * minute, closedAt: start + 26 * minute },
    ],
    [
      'no bar follows',
      {},
      '0',
      [undefined, undefined, undefined, undefined, undefined, 102],
      {
        status: 'cancelled',
        profit: '0',
        openedAt: null,
        entryPrice: null,
        exitPrice: null,
        closedAt: start + 25 * minute,
      },
    ],
    ['the feed ends before the entry', {}, '0', [], { status: 'cancelled', openedAt: null }],
    [
      'the feed ends before the expiry',
      {},
      '0',
      [101, 101],
      {
        status: 'cancelled',
        profit: '0',
        openedAt: start + 20 * minute,
        closedAt: start + 22 * minute,
        exitPrice: null,
      },
    ],
    [
      'half the spread is paid at the entry',
      {},
      '0.02',
      [101, 101, 101, 101, 102.01],
      { status: 'tie', entryPrice: 102.01 },
    ],
    [
      'two bars until the expiry',
      { expiryCandles: 2 },
      '0',
      [101, ...five(90), 101, 101, 101, 105],
      { status: 'win', closedAt: start + 30 * minute },
    ],
    ['spot, at its timed close', spot, '0', [100, 100, 100, 100, 101], { status: 'win', profit: '0.10', payout: '0' }],
    [
      'spot, half the spread on each side',
      spot,
      '0.002',
      [100, 100, 100, 100, 101],
      { status: 'win', profit: '0.08', entryPrice: 100.1, exitPrice: 100.899 },
    ],
    [
      'spot, stopped',
      spot,
      '0',
      [100, 98.5, 100, 100, 105],
      { status: 'loss', profit: '-0.15', closedAt: start + 22 * minute },
    ],
    ['spot, taken', spot, '0', [100, 103, 100, 100, 90], { status: 'win', profit: '0.30' }],
  ]
  for (const [name, strategy, spread, after, expected] of cases) {
    const { opened, closed } = runOf(inputOf([strategy], { spread }), minutes([...rise, ...after]))
    const [trade] = closed
    t.match(
      trade,
      { tradeId: '1', direction: 'call', level: 0, stake: '10.00', signalTime: start + 15 * minute, ...expected },
      name,
    )
    t.equal(opened.length, closed.filter(({ openedAt }) => openedAt !== null).length, name)
  }
})

t.test('a bar that closed late is no occasion to enter, as on a replayed market', async (t) => {
  const { decided } = runOf(inputOf(), minutes([...rise.slice(0, -1), undefined, 101, 101]))
  t.match(decided.at(-1), { candleTime: start + 15 * minute, outcome: 'stale', signal: { direction: 'call' } })
})

t.test('the first bar is decided on when all of it was there', async (t) => {
  const whole = runOf(inputOf(), minutes(rise)).decided.map(({ candleTime }) => candleTime)
  t.same(
    whole,
    [0, 5, 10, 15].map((at) => start + at * minute),
  )
  const late = runOf(inputOf(), minutes([undefined, ...rise.slice(1)])).decided.map(({ candleTime }) => candleTime)
  t.same(late, whole.slice(1))
})

/** Bars of M5, each as five minutes that go its way. */
function split(bars: readonly Candle[]): Feed {
  return bars.flatMap(({ time, open, high, low, close, volume }) => {
    const path = close >= open ? [open, low, low, high, close] : [open, high, high, low, close]
    return path.map((price, index) => {
      const before = path[index - 1] ?? open
      const candle = { time: time + index * minute, open: before, close: price, volume: volume / 5 }
      return [keyOf(), { ...candle, high: Math.max(before, price), low: Math.min(before, price) }] as const
    })
  })
}

t.test('minutes and the bars they make decide and earn the same', async (t) => {
  const bars = walk(1_200, { timeframe: 'M5', seed: 4, from: 1_000, start })
  const fromBars = runOf(
    inputOf(eight),
    bars.map((bar) => [keyOf('M5'), bar] as const),
  )
  const fromMinutes = runOf(inputOf(eight), split(bars))
  t.equal(fromMinutes.hash, fromBars.hash)
  t.strictSame(fromMinutes.closed, fromBars.closed)
  t.ok(fromBars.closed.length > 400, `${fromBars.closed.length} trades`)
  t.equal(fromMinutes.candles, 6_000)
})

t.test('one candle that is different by one tick makes other decisions', async (t) => {
  const bars = walk(600, { timeframe: 'M5', seed: 4, from: 1_000, start })
  const whole = runOf(
    inputOf(eight),
    bars.map((bar) => [keyOf('M5'), bar] as const),
  ).hash
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 }), (index) => {
      const changed = bars.map((bar, at) => {
        const close = at === index ? bar.close + 0.01 : bar.close
        return [keyOf('M5'), { ...bar, close, high: Math.max(bar.high, close) }] as const
      })
      t.not(runOf(inputOf(eight), changed).hash, whole, `candle ${index}`)
    }),
    { numRuns: 15 },
  )
  t.equal(
    runOf(
      inputOf(eight),
      bars.map((bar) => [keyOf('M5'), { ...bar }] as const),
    ).hash,
    whole,
  )
})

t.test('symbols that close together may come in any order', async (t) => {
  const symbols = ['BTCUSDT', 'ETHUSDT', 'ADAUSDT']
  const input = inputOf(
    [{ symbols }, { id: 'b', symbols, confirmTimeframe: 'M15' }],
    {},
    { maxTradesPerDay: 40, maxExposure: '50' },
  )
  const series = symbols.map((symbol, index) =>
    walk(1_500, { seed: index + 1, start }).map((candle) => [keyOf('M1', symbol), candle] as const),
  )
  const minute = (index: number) => series.map((each) => each[index] as Feed[number])
  const inOrder = runOf(
    input,
    series[0]!.flatMap((_, index) => minute(index)),
  )
  const turned = runOf(
    input,
    series[0]!.flatMap((_, index) => (index % 2 ? minute(index).reverse() : minute(index))),
  )
  t.equal(turned.hash, inOrder.hash)
  const outcomes = new Set(inOrder.decided.map(({ outcome }) => outcome))
  for (const each of ['traded', 'filter', 'exposure', 'trades-per-day'] as const) t.ok(outcomes.has(each), each)
})

t.test('a silent symbol is settled by the time of the others', async (t) => {
  const input = inputOf([{ symbols: ['BTCUSDT', 'ETHUSDT'] }])
  const other = candles(
    Array.from({ length: 40 }, () => 7),
    { start },
  )
  const feed = [...minutes(rise), ...other.map((candle) => [keyOf('M1', 'ETHUSDT'), candle] as const)]
  feed.sort(([, a], [, b]) => a.time - b.time)
  const { closed } = runOf(input, feed)
  t.match(closed, [{ symbol: 'BTCUSDT', status: 'cancelled', closedAt: start + 25 * minute }])
})

t.test('says what it cannot compute with', async (t) => {
  const refused = (code: string, run: () => unknown, name: string) => t.throws(run, { code }, name)
  const [candle] = candles([1], { start }) as [Candle]
  const hourly = createBacktest(inputOf(), {})
  refused('invalid-request', () => hourly.push(keyOf('H1'), candle), 'bars that are too long')
  refused('invalid-request', () => createBacktest(inputOf([{ strategy: 'moon' }]), {}), 'an unknown strategy')
  for (const changes of [
    { payout: '0' },
    { payout: 'much' },
    { spread: '-0.1' },
    { spread: '0.6' },
    { maxStake: '0' },
  ]) {
    refused('invalid-request', () => createBacktest(inputOf([{}], changes), {}), JSON.stringify(changes))
  }
  const paths = ['strategies.0.params.period', 'payout', 'spread'].map((path) => ({ path }))
  t.throws(
    () =>
      createBacktest(inputOf([{ strategy: 'rsi-reversal', params: { period: 1 } }], { payout: '0', spread: '1' }), {}),
    { code: 'invalid-request', errors: paths },
    'all that is wrong at once',
  )
  const backtest = createBacktest(inputOf([{ symbols: ['BTCUSDT', 'ETHUSDT'] }]), {})
  backtest.push(keyOf(), { ...candle, time: start + minute })
  backtest.push(keyOf(), { ...candle, time: start })
  backtest.push(keyOf('M1', 'OTHER'), { ...candle, time: start })
  t.equal(backtest.candles, 3, 'what is old, and what nobody wants, changes nothing')
  refused('invalid-request', () => backtest.push(keyOf('M1', 'ETHUSDT'), { ...candle, time: start }), 'time goes back')
})
