import { readFileSync } from 'node:fs'
import { sharedData, walk } from '@sath/testkit'
import t from 'tap'
import { indicators, runIndicator } from './index.js'

t.test('an indicator is run by its id, with its defaults or others', async (t) => {
  const market = walk(40)
  const bands = runIndicator({ id: 'bollinger', params: { period: 5 } })
  t.strictSame(bands.columns, ['sma', 'upperBand', 'lowerBand'])
  t.strictSame(bands.next(market[0]!), [undefined, undefined, undefined])
  for (const [id, indicator] of Object.entries(indicators)) {
    const { columns, next } = runIndicator({ id })
    const rows = market.map(next)
    t.ok(rows.every((row) => row.length === columns.length))
    t.ok(
      rows.at(-1)?.every((value) => Number.isFinite(value)),
      `${id} has spoken after 40 candles`,
    )
    t.ok(Object.values(indicator.params).every((param) => param.default >= param.min && param.default <= param.max))
  }
})

t.test('names what is wrong with a wish for an indicator', async (t) => {
  const cases: [id: string, params: Record<string, unknown>, paths: string[]][] = [
    ['moon', {}, ['id']],
    ['toString', {}, ['id']],
    ['rsi', { period: 0 }, ['period']],
    ['rsi', { period: 14.5 }, ['period']],
    ['rsi', { period: '14' }, ['period']],
    ['rsi', { period: Number.NaN }, ['period']],
    ['rsi', { perod: 14, constructor: 1 }, ['perod', 'constructor']],
    ['bollinger', { period: 1_001, deviations: 0 }, ['period', 'deviations']],
    ['macd', { fast: 26 }, ['fast']],
    ['macd', { fast: 30, slow: 20 }, ['fast']],
  ]
  for (const [id, params, paths] of cases) {
    t.throws(() => runIndicator({ id, params }), { code: 'invalid-request', errors: paths.map((path) => ({ path })) })
  }
  t.doesNotThrow(() => runIndicator({ id: 'bollinger', params: { deviations: 2.5 } }))
})

t.test('the shortest period there is, 1, has an answer for every candle that it can know', async (t) => {
  const market = walk(10)
  const answers = (id: string, params: Record<string, number>) => {
    const { next } = runIndicator({ id, params })
    return market.map(next)
  }
  const closes = market.map(({ close }) => close)
  t.strictSame(
    answers('sma', { period: 1 }),
    closes.map((close) => [close]),
  )
  t.strictSame(answers('ema', { period: 1 }), answers('sma', { period: 1 }))
  t.strictSame(
    answers('bollinger', { period: 1 }),
    closes.map((close) => [close, close, close]),
  )
  t.strictSame(answers('macd', { fast: 1, slow: 2, signal: 1 }).at(-1)?.slice(2), [0], 'its signal is itself')
  const rises = closes.map((close, i) => close - (closes[i - 1] ?? close))
  t.strictSame(
    answers('rsi', { period: 1 }).slice(1),
    rises.slice(1).map((rise) => [rise > 0 ? 100 : rise < 0 ? 0 : 50]),
  )
  for (const id of ['atr', 'adx', 'donchian']) {
    const [first, second] = answers(id, { period: 1 })
    t.ok(first?.every((value) => value === undefined) && second?.every((value) => Number.isFinite(value)), id)
  }
})

t.test('time goes forward, and a gap changes nothing', async (t) => {
  const market = walk(60)
  const [dense, sparse] = [runIndicator({ id: 'adx' }), runIndicator({ id: 'adx' })]
  for (const each of market) {
    t.strictSame(sparse.next({ ...each, time: each.time * 7 }), dense.next(each))
    for (const time of [each.time, each.time - 60_000, Number.NaN]) {
      t.throws(() => dense.next({ ...each, time }), { errors: [{ path: 'time' }] })
    }
  }
})

const skip = sharedData('indicators') ? false : 'shared/data is not here'

for (const [file, least] of [
  ['quotes_bad.csv', 400],
  ['quotes_zeros.csv', 200],
] as const) {
  t.test(`${file}: every candle has an answer or an error that names the field`, { skip }, async (t) => {
    const path = sharedData('indicators', 'skender', file) as string
    const rows = readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1)
    for (const id of Object.keys(indicators)) {
      const { next } = runIndicator({ id })
      let answered = 0
      for (const [time, row] of rows.entries()) {
        const [, open = 0, high = 0, low = 0, close = 0] = row.split(',').map(Number)
        try {
          const values = next({ time, open, high, low, close, volume: 0 })
          if (values.some((value) => value !== undefined && !Number.isFinite(value))) t.fail(`${id}: ${values}`)
          answered += 1
        } catch (error) {
          t.match(error, { code: 'invalid-request', errors: [{ path: /^(open|high|low|close)$/ }] }, row)
        }
      }
      t.ok(answered >= least, `${id} answered ${answered} of ${rows.length}`)
    }
  })
}
