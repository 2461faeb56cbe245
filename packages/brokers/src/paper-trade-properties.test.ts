import { money } from '@sath/core'
import fc from 'fast-check'
import t from 'tap'
import { bar, decidedAt, run, words } from './paper-trade.fixture.js'
import type { PaperClosed, PaperEvent, PaperTerms } from './paper-trade.js'

const cents = (max: number) => fc.integer({ min: 1, max }).map((n) => (n / 100).toFixed(2))
const terms = fc.record({
  direction: fc.constantFrom('call', 'put'),
  instrument: fc.constantFrom('binary', 'spot'),
  stake: cents(100_000),
  payout: cents(99),
  timeframe: fc.constantFrom('M1', 'M5'),
  expiryCandles: fc.integer({ min: 1, max: 3 }),
  decidedAt: fc.constant(decidedAt),
  stopLossPct: fc.option(
    fc.integer({ min: 1, max: 50 }).map((n) => n / 10),
    { nil: undefined },
  ),
  takeProfitPct: fc.option(
    fc.integer({ min: 1, max: 50 }).map((n) => n / 10),
    { nil: undefined },
  ),
}) satisfies fc.Arbitrary<PaperTerms>
const prices = fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 9_500, max: 10_500 }).map((n) => n / 100)))
const series = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), prices), { minLength: 1, maxLength: 30 })
  .map((steps) => {
    let minute = -3
    return steps.map(([gap, [a, b, c, d]]) => {
      minute += gap
      const sorted = [a!, b!, c!, d!].sort((x, y) => x - y)
      return bar(minute, b!, c!, sorted[3], sorted[0])
    })
  })
const closeOf = (events: readonly PaperEvent[]) => events.find((e): e is PaperClosed => e.kind === 'closed')

t.test('for any trade and candles', async (t) => {
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(terms, series, (each, candles) => {
          const closed = closeOf(run(each, candles))
          if (!closed) return true
          const { profit, status } = closed
          if (status === 'cancelled' || status === 'tie') return profit === '0'
          if (money.compare(profit, '0') !== (status === 'win' ? 1 : -1)) return false
          if (each.instrument === 'spot') return true
          const won = money.round(money.multiply(each.stake, each.payout), 2)
          return money.compare(profit, status === 'win' ? won : `-${each.stake}`) === 0
        }),
      ),
    'a win is stake × payout, a loss the stake, everything else nothing',
  )
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(terms, series, fc.nat(), (each, candles, cut) => {
          const all = words(run(each, candles))
          const some = words(run(each, candles.slice(0, cut % (candles.length + 1))))
          return some.every((word, i) => word === all[i])
        }),
      ),
    'cutting off the future changes nothing that happened',
  )
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(terms, series, (each, candles) => {
          const plain = { ...each, instrument: 'spot' as const, stopLossPct: undefined, takeProfitPct: undefined }
          const [long, short] = (['call', 'put'] as const).map((direction) =>
            closeOf(run({ ...plain, direction }, candles)),
          )
          return money.compare(money.add(long?.profit ?? '0', short?.profit ?? '0'), '0') === 0
        }),
      ),
    'a long and a short of the same stake cancel out: no money from nowhere',
  )
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(terms, series, (each, candles) => {
          const opened = run(each, candles).find((e) => e.kind === 'opened')
          const first = candles.find(({ time }) => time >= decidedAt)
          return (
            opened?.kind !== 'opened' || (opened.entryTime === first?.time && opened.entryPrice === `${first.open}`)
          )
        }),
      ),
    'the entry is the open of the first candle after the decision',
  )
})
