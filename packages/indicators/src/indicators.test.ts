import { readFileSync } from 'node:fs'
import { sharedData } from '@sath/testkit'
import fc from 'fast-check'
import t from 'tap'
import { ema, emaMemory, macd, macdMemory, nextEma, nextMacd, nextRsi, rsi, rsiMemory } from './index.js'

const folder = sharedData('indicators', 'skender')
const skip = folder ? false : 'shared/data is not here'

/** Each fold with what it says about a price, named as the columns of the reference file. */
const folds = {
  ema: () => {
    const state = ema(20)
    return { state, next: (price: number) => ({ ema: nextEma(state, price) }) }
  },
  rsi: () => {
    const state = rsi(14)
    return { state, next: (price: number) => ({ rsi: nextRsi(state, price) }) }
  },
  macd: () => {
    const state = macd(12, 26, 9)
    const next = (price: number) => {
      const histogram = nextMacd(state, price)
      return {
        macd: state.slow.count >= state.slow.period ? state.macd : undefined,
        signal: histogram === undefined ? undefined : state.signal,
        histogram,
      }
    }
    return { state, next }
  },
}

for (const name of ['ema', 'rsi', 'macd'] as const) {
  t.test(`${name} equals Stock.Indicators row by row, to the last bit`, { skip }, async (t) => {
    const prices = readColumns('quotes_default.csv').map((row) => Number(row.close))
    const expected = readColumns(`${name}.csv`)
    const { next } = folds[name]()
    let spoken = 0
    for (const [index, row] of expected.entries()) {
      for (const [column, value] of Object.entries(next(prices[index] as number))) {
        const reference = row[column] === '' ? undefined : Number(row[column])
        if (value !== reference) t.equal(value, reference, `${column} in row ${index}`)
        if (value !== undefined) spoken += 1
      }
    }
    t.equal(expected.length, 502)
    t.ok(spoken > 480, `${spoken} values compared`)
  })

  t.test(`${name} goes on from its JSON as if nothing had happened`, async (t) => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { maxLength: 120 }),
        fc.nat(),
        (prices, at) => {
          const whole = folds[name]()
          const cut = prices.length === 0 ? 0 : at % prices.length
          const resumed = folds[name]()
          for (const price of prices.slice(0, cut)) {
            whole.next(price)
            resumed.next(price)
          }
          Object.assign(resumed.state, JSON.parse(JSON.stringify(resumed.state)))
          for (const price of prices.slice(cut)) t.strictSame(resumed.next(price), whole.next(price))
        },
      ),
      { numRuns: 50 },
    )
  })
}

t.test('speaks exactly at its warm-up', async (t) => {
  const firstSpoken = (next: (price: number) => unknown) =>
    Array.from({ length: 60 }, (_, i) => next(100 + (i % 7))).findIndex((value) => value !== undefined)
  const e = ema(20)
  const r = rsi(14)
  const m = macd(12, 26, 9)
  t.equal(
    firstSpoken((price) => nextEma(e, price)),
    19,
  )
  t.equal(
    firstSpoken((price) => nextRsi(r, price)),
    14,
  )
  t.equal(
    firstSpoken((price) => nextMacd(m, price)),
    33,
  )
})

t.test('gives the undefined inputs of RSI a value', async (t) => {
  const last = (prices: number[]) => {
    const state = rsi(3)
    return prices.map((price) => nextRsi(state, price)).at(-1)
  }
  t.equal(last([5, 5, 5, 5]), 50, 'no movement')
  t.equal(last([1, 2, 3, 4]), 100, 'only gains')
  t.equal(last([4, 3, 2, 1]), 0, 'only losses')
})

t.test('forgets where it began after its memory', async (t) => {
  const price = (i: number) => 100 + 10 * Math.sin(i / 9) + (i % 5)
  const after = (start: number, make: () => (price: number) => number | undefined) => {
    const next = make()
    let value: number | undefined
    for (let i = start; i < 2_000; i++) value = next(price(i))
    return value as number
  }
  const cases: [string, number, () => (price: number) => number | undefined][] = [
    [
      'ema',
      emaMemory(21),
      () =>
        (
          (s) => (p) =>
            nextEma(s, p)
        )(ema(21)),
    ],
    [
      'rsi',
      rsiMemory(14),
      () =>
        (
          (s) => (p) =>
            nextRsi(s, p)
        )(rsi(14)),
    ],
    [
      'macd',
      macdMemory(26, 9),
      () =>
        (
          (s) => (p) =>
            nextMacd(s, p)
        )(macd(12, 26, 9)),
    ],
  ]
  for (const [name, memory, make] of cases) {
    const difference = Math.abs(after(0, make) - after(2_000 - memory, make))
    t.ok(difference < 1e-9, `${name} differs by ${difference} after ${memory} prices`)
  }
  t.equal(emaMemory(1), 2, 'a period of one remembers nothing')
})

function readColumns(file: string): Record<string, string>[] {
  const [head = '', ...rows] = readFileSync(`${folder}/${file}`, 'utf8').trim().split(/\r?\n/)
  const names = head.split(',')
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index], cell])))
}
