import type { Candle } from '@sath/core'
import { candles, walk } from '@sath/testkit'
import t from 'tap'
import { catalogue, findStrategy, type Params, withDefaults } from './index.js'
import { signalsOf } from './signals.fixture.js'

t.test('confidence is the share of the last move that lies beyond the line', async (t) => {
  const cases: readonly (readonly [id: string, Params, closes: number[], confidence: number])[] = [
    ['rsi-reversal', { period: 2, oversold: 50, overbought: 99 }, [10, 8, 6, 8], 0],
    ['rsi-reversal', { period: 2, oversold: 1, overbought: 50 }, [6, 8, 10, 8], 0],
    ['macd-cross', { fast: 1, slow: 2, signal: 2 }, [10, 10, 10, 11], 1],
    ['bollinger-bounce', { period: 2, deviations: 0.5 }, [10, 8, 9], 0.75 / 1.25],
    ['bollinger-bounce', { period: 2, deviations: 0.5 }, [10, 8, 9, 7], 1.5 / 1.75],
    ['bollinger-bounce', { period: 2, deviations: 0.5, variant: 'touch' }, [10, 8], 0.5 / 1.5],
    ['bollinger-bounce', { period: 2, deviations: 0.5, variant: 'touch' }, [8, 10], 0.5 / 1.5],
    ['ema-cross', { fast: 1, slow: 2 }, [10, 8, 12], 1 / 2],
    ['donchian-breakout', { period: 2 }, [10, 10, 9, 12], 2 / 3],
    ['donchian-breakout', { period: 2 }, [10, 10, 11, 8], 2 / 3],
  ]
  for (const [id, params, closes, confidence] of cases) {
    const last = signalsOf(findStrategy(id)!, candles(closes), params).at(-1)
    t.match(last, { confidence }, `${id} on ${closes}`)
  }
})

t.test('price-action: confidence is the share of the body that engulfs, or of the wick that turned away', async (t) => {
  const cases: [rows: number[][], confidence: number, reason: string][] = [
    [[flat(9), flat(9), [9, 9, 7, 7], [7, 11, 6, 10]], 0.6, 'Bullish engulfing candle'],
    [[flat(9), flat(9), [7, 9, 7, 9], [9, 10, 5, 6]], 0.6, 'Bearish engulfing candle'],
    [[flat(9), flat(8), [8, 8, 3, 7]], 0.8, 'Pin bar with a long lower wick'],
    [[flat(7), flat(8), [8, 13, 8, 9]], 0.8, 'Pin bar with a long upper wick'],
  ]
  for (const [rows, confidence, reason] of cases) {
    const last = signalsOf(findStrategy('price-action')!, rows.map(toCandle), { wick: 0.75, context: 1 }).at(-1)
    t.match(last, { confidence, reason })
  }
})

t.test('says why, in words that fit the direction', async (t) => {
  const reasons: readonly (readonly [id: string, Params, calls: string[], puts: string[]])[] = [
    ['rsi-reversal', {}, ['RSI came back up to 30'], ['RSI came back down to 70']],
    ['macd-cross', {}, ['MACD crossed over its signal line'], ['MACD crossed under its signal line']],
    ['bollinger-bounce', {}, ['Closed back above the lower band'], ['Closed back below the upper band']],
    ['bollinger-bounce', { variant: 'touch' }, ['Closed below the lower band'], ['Closed above the upper band']],
    ['ema-cross', {}, ['EMA 9 crossed over EMA 21'], ['EMA 9 crossed under EMA 21']],
    ['stochastic', {}, ['%K crossed over %D from below 20'], ['%K crossed under %D from above 80']],
    ['adx-trend', {}, ['+DI crossed over −DI in a trend'], ['+DI crossed under −DI in a trend']],
    [
      'donchian-breakout',
      {},
      ['Closed above the highest high of 20 candles'],
      ['Closed below the lowest low of 20 candles'],
    ],
    [
      'price-action',
      {},
      ['Bullish engulfing candle', 'Pin bar with a long lower wick'],
      ['Bearish engulfing candle', 'Pin bar with a long upper wick'],
    ],
  ]
  for (const [id, params, calls, puts] of reasons) {
    const said = signalsOf(findStrategy(id)!, walk(3_000), params)
    const reasonsOf = (wanted: string) =>
      new Set(said.flatMap((signal) => (signal.direction === wanted && 'reason' in signal ? [signal.reason] : [])))
    t.strictSame([...reasonsOf('call')].sort(), calls, `${id}: CALL`)
    t.strictSame([...reasonsOf('put')].sort(), puts, `${id}: PUT`)
  }
})

t.test('tells its indicators as soon as they have values, and not before', async (t) => {
  const expected: Record<string, [firstCandle: number, ...names: string[]]> = {
    'rsi-reversal': [15, 'rsi'],
    'macd-cross': [34, 'macd', 'macdSignal', 'macdHistogram'],
    'bollinger-bounce': [20, 'bollingerUpper', 'bollingerLower'],
    'ema-cross': [21, 'emaFast', 'emaSlow'],
    stochastic: [18, 'stochasticK', 'stochasticD'],
    'adx-trend': [28, 'plusDi', 'minusDi', 'adx'],
    'donchian-breakout': [21, 'donchianUpper', 'donchianLower'],
    'price-action': [1],
    ensemble: [35, 'votesCall', 'votesPut'],
    'mhi-1': [1, 'greenLessRed', 'gale'],
  }
  for (const strategy of catalogue) {
    const params = withDefaults(strategy.params, {})
    const state = strategy.init(params)
    const spoken = walk(60).map((candle) => {
      strategy.step(state, candle, params)
      return Object.keys(strategy.indicators(state))
    })
    const [first = 0, ...names] = expected[strategy.id] ?? []
    t.strictSame(
      spoken,
      spoken.map((_, index) => (index + 1 < first ? [] : names)),
      strategy.id,
    )
  }
})

t.test('every strategy refuses what is no candle, and goes on as if it had not come', async (t) => {
  const good = walk(60, { seed: 5 })
  for (const strategy of catalogue) {
    const params = withDefaults(strategy.params, {})
    const state = strategy.init(params)
    for (const candle of good) {
      const before = JSON.stringify(state)
      for (const close of noPrices) {
        t.throws(() => strategy.step(state, { ...candle, close }, params), { code: 'invalid-request' })
      }
      t.equal(JSON.stringify(state), before, strategy.id)
      strategy.step(state, candle, params)
    }
  }
})

t.test('a price that a strategy does not look at changes nothing, and any other leaves no trace', async (t) => {
  for (const strategy of catalogue) {
    const params = withDefaults(strategy.params, {})
    const state = strategy.init(params)
    for (const candle of walk(40, { seed: 6 })) {
      const before = structuredClone(state)
      strategy.step(state, candle, params)
      const [untouched, folded] = [JSON.stringify(before), JSON.stringify(state)]
      for (const field of ['open', 'high', 'low'] as const) {
        for (const value of noPrices) {
          const tried = structuredClone(before)
          const refusal = refusalOf(() => strategy.step(tried, { ...candle, [field]: value }, params))
          t.ok(JSON.stringify(tried) === (refusal ? untouched : folded), `${strategy.id}: ${field} ${value}`)
        }
      }
    }
  }
})

const noPrices = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e101]

function refusalOf(step: () => unknown): unknown {
  try {
    step()
    return undefined
  } catch (error) {
    return error
  }
}

function flat(price: number): number[] {
  return [price, price, price, price]
}

function toCandle([open = 0, high = 0, low = 0, close = 0]: readonly number[], time: number): Candle {
  return { time, open, high, low, close, volume: 0 }
}
