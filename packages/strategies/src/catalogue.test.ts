import t from 'tap'
import {
  catalogue,
  checkParams,
  checkTimeframe,
  describeStrategy,
  findStrategy,
  isAgainstTrend,
  stepTrend,
  trend,
  trendIsWarm,
} from './index.js'

t.test('finds strategies by id and no others', async (t) => {
  t.same(
    catalogue.map(({ id }) => id),
    [
      'rsi-reversal',
      'macd-cross',
      'bollinger-bounce',
      'ema-cross',
      'stochastic',
      'adx-trend',
      'donchian-breakout',
      'price-action',
      'ensemble',
      'mhi-1',
    ],
  )
  t.equal(findStrategy('ema-cross')?.name, 'EMA cross')
  t.equal(findStrategy('toString'), undefined)
})

t.test('describes a strategy for a form', async (t) => {
  t.matchOnly(describeStrategy(findStrategy('rsi-reversal')!), {
    id: 'rsi-reversal',
    name: 'RSI reversal',
    summary: String,
    source: String,
    warmUp: 16,
    params: {
      type: 'object',
      properties: {
        period: { type: 'integer', minimum: 2, maximum: 100, default: 14, title: 'Period', description: String },
        oversold: { type: 'number', minimum: 1, maximum: 50, default: 30, title: String, description: String },
        overbought: { type: 'number', minimum: 50, maximum: 99, default: 70, title: String, description: String },
      },
      additionalProperties: false,
    },
  })
  t.same(
    catalogue.map((strategy) => describeStrategy(strategy).warmUp),
    [16, 35, 21, 22, 19, 28, 22, 4, 35, 3],
  )
})

t.test('describes a choice, and the one timeframe a rule is for', async (t) => {
  const { variant } = describeStrategy(findStrategy('bollinger-bounce')!).params.properties
  t.match(variant, { type: 'string', enum: ['bounce', 'touch'], default: 'bounce', title: 'Variant' })
  t.equal(describeStrategy(findStrategy('mhi-1')!).timeframe, 'M1')
  t.notOk('timeframe' in describeStrategy(findStrategy('ema-cross')!))
})

t.test('names a timeframe that a rule is not for', async (t) => {
  t.same(checkTimeframe('mhi-1', 'M1'), [])
  t.match(checkTimeframe('mhi-1', 'M5'), [{ path: 'timeframe', message: 'must be M1: mhi-1 is for no other' }])
  t.same(checkTimeframe('rsi-reversal', 'D1'), [])
  t.same(checkTimeframe('none', 'D1'), [])
})

t.test('names every fault of the parameters', async (t) => {
  const cases: [string, string, Record<string, unknown>, string[]][] = [
    ['nothing given: the defaults', 'ema-cross', {}, []],
    ['good values', 'macd-cross', { fast: 5, slow: 35, signal: 5 }, []],
    ['bounds are inclusive', 'rsi-reversal', { period: 2, oversold: 1, overbought: 99 }, []],
    ['unknown strategy', 'moon', {}, ['']],
    ['unknown parameter', 'ema-cross', { fest: 9 }, ['fest']],
    ['a name every object has', 'ema-cross', { constructor: 9 }, ['constructor']],
    ['not whole', 'ema-cross', { fast: 9.5 }, ['fast']],
    ['out of range, both sides', 'ema-cross', { fast: 0, slow: 401 }, ['fast', 'slow']],
    [
      'not a number',
      'rsi-reversal',
      { period: '14', oversold: Number.NaN, overbought: true },
      ['period', 'oversold', 'overbought'],
    ],
    ['fast not below slow', 'ema-cross', { fast: 21 }, ['fast']],
    ['fast not below slow', 'macd-cross', { fast: 12, slow: 12 }, ['fast']],
    ['one of the choices', 'bollinger-bounce', { variant: 'touch' }, []],
    ['none of the choices', 'bollinger-bounce', { variant: 'moon' }, ['variant']],
    ['a number for a choice', 'bollinger-bounce', { variant: 1 }, ['variant']],
    ['thresholds that meet', 'stochastic', { oversold: 50, overbought: 50 }, ['oversold']],
    ['nobody left to ask', 'ensemble', weights(0), ['votes']],
    ['one left to ask', 'ensemble', { ...weights(0), emaCross: 0.5 }, []],
    ['thresholds that meet', 'rsi-reversal', { oversold: 50, overbought: 50 }, ['oversold']],
  ]
  for (const [name, id, params, paths] of cases) {
    t.same(
      checkParams(id, params).map(({ path }) => path),
      paths,
      name,
    )
  }
})

t.test('the trend filter drops what goes against the longer timeframe', async (t) => {
  const bar = (close: number) => ({ time: 0, open: close, high: close, low: close, close, volume: 0 })
  const state = trend()
  for (let i = 1; i <= 49; i++) stepTrend(state, bar(100))
  t.notOk(trendIsWarm(state), '49 candles tell nothing')
  stepTrend(state, bar(100))
  t.ok(trendIsWarm(state))
  t.notOk(isAgainstTrend(state, 'call') || isAgainstTrend(state, 'put'), 'on the average both pass')
  stepTrend(state, bar(90))
  t.ok(isAgainstTrend(state, 'call'))
  t.notOk(isAgainstTrend(state, 'put'))
  stepTrend(state, bar(120))
  t.ok(isAgainstTrend(state, 'put'))
  t.notOk(isAgainstTrend(state, 'call'))
})

function weights(weight: number): Record<string, number> {
  const names = Object.keys(findStrategy('ensemble')!.params).filter((name) => name !== 'window' && name !== 'votes')
  return Object.fromEntries(names.map((name) => [name, weight]))
}
