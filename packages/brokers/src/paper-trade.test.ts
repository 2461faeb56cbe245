import type { Candle } from '@sath/core'
import t from 'tap'
import { at, bar, binary, run, spot, words } from './paper-trade.fixture.js'
import { closePaperTrade, onPaperFeedEnd, onPaperTime, type PaperTerms } from './paper-trade.js'

const quiet = (from: number, to: number, price: number) =>
  Array.from({ length: to - from }, (_, i) => bar(from + i, price))

const table: [string, PaperTerms, Candle[], string[]][] = [
  [
    'a CALL that ends higher wins stake × payout',
    binary,
    [bar(-1, 90), bar(0, 100, 101), ...quiet(1, 4, 99), bar(4, 99, 100.01)],
    ['opened 100 @0 until 5', 'win expired 100.01 8.50 @5'],
  ],
  [
    'a CALL that ends lower loses the stake',
    binary,
    [bar(0, 100, 105), ...quiet(1, 4, 110), bar(4, 110, 99.99)],
    ['opened 100 @0 until 5', 'loss expired 99.99 -10 @5'],
  ],
  [
    'a PUT that ends lower wins',
    { ...binary, direction: 'put' },
    [...quiet(0, 4, 100), bar(4, 100, 99)],
    ['opened 100 @0 until 5', 'win expired 99 8.50 @5'],
  ],
  ['equal is a tie: refund', binary, quiet(0, 5, 100), ['opened 100 @0 until 5', 'tie expired 100 0 @5']],
  [
    'a profit is rounded half-up to the cent',
    { ...binary, stake: '0.30', payout: '0.85' },
    [...quiet(0, 4, 100), bar(4, 100, 101)],
    ['opened 100 @0 until 5', 'win expired 101 0.26 @5'],
  ],
  [
    'one M1 candle is entry and expiry of an M1 option',
    { ...binary, timeframe: 'M1' },
    [bar(0, 100, 101)],
    ['opened 100 @0 until 1', 'win expired 101 8.50 @1'],
  ],
  [
    'more candles until expiry',
    { ...binary, expiryCandles: 2 },
    [...quiet(0, 9, 100), bar(9, 100, 98)],
    ['opened 100 @0 until 10', 'loss expired 98 -10 @10'],
  ],
  [
    'a gap over the expiry: the last price before it counts, not the one after',
    binary,
    [bar(0, 100), bar(1, 100, 101), bar(30, 50)],
    ['opened 100 @0 until 5', 'win expired 101 8.50 @5'],
  ],
  [
    'a gap at the entry: the next candle within one bar',
    binary,
    [bar(-1, 99), bar(4, 100), ...quiet(5, 8, 100), bar(8, 100, 102)],
    ['opened 100 @4 until 9', 'win expired 102 8.50 @9'],
  ],
  ['a longer gap at the entry: cancelled', binary, [bar(-1, 99), bar(5, 100)], ['cancelled no-price null 0 @5']],
  [
    'a spot buy closes in time with its relative move',
    spot,
    [bar(0, 200), bar(1, 200), bar(4, 200, 203)],
    ['opened 200 @0 until 5', 'win timed-close 203 0.15 @5'],
  ],
  [
    'a spot sale gains from a fall',
    { ...spot, direction: 'put' },
    [bar(0, 200), bar(4, 200, 190)],
    ['opened 200 @0 until 5', 'win timed-close 190 0.50 @5'],
  ],
  [
    'a stop-loss inside a candle fills at its level',
    { ...spot, stopLossPct: 1 },
    [bar(0, 200), bar(1, 200, 199.5, 200, 197)],
    ['opened 200 @0 until 5', 'loss stop-loss 198 -0.10 @2'],
  ],
  [
    'a take-profit inside the entry candle',
    { ...spot, takeProfitPct: 1.5 },
    [bar(0, 200, 201, 204, 200)],
    ['opened 200 @0 until 5', 'win take-profit 203 0.15 @1'],
  ],
  [
    'both inside one candle: the stop-loss counts',
    { ...spot, stopLossPct: 1, takeProfitPct: 1 },
    [bar(0, 200), bar(1, 200, 200, 210, 190)],
    ['opened 200 @0 until 5', 'loss stop-loss 198 -0.10 @2'],
  ],
  [
    'a gap below the stop-loss fills at the open',
    { ...spot, stopLossPct: 1, takeProfitPct: 1 },
    [bar(0, 200), bar(1, 190, 205, 205, 190)],
    ['opened 200 @0 until 5', 'loss stop-loss 190 -0.50 @2'],
  ],
  [
    'a gap above the take-profit fills at the open, whatever comes later in the candle',
    { ...spot, stopLossPct: 1, takeProfitPct: 1 },
    [bar(0, 200), bar(1, 210, 190, 210, 180)],
    ['opened 200 @0 until 5', 'win take-profit 210 0.50 @2'],
  ],
  [
    'a short’s stop-loss is above',
    { ...spot, direction: 'put', stopLossPct: 1 },
    [bar(0, 200), bar(1, 200, 200, 203, 200)],
    ['opened 200 @0 until 5', 'loss stop-loss 202 -0.10 @2'],
  ],
  [
    'a level touched exactly is reached',
    { ...spot, takeProfitPct: 0.5 },
    [bar(0, 200), bar(1, 200, 200.5, 201, 200)],
    ['opened 200 @0 until 5', 'win take-profit 201 0.05 @2'],
  ],
  [
    'a move below half a cent is a tie',
    spot,
    [bar(0, 200), bar(4, 200, 200.09)],
    ['opened 200 @0 until 5', 'tie timed-close 200.09 0 @5'],
  ],
  ['a candle before the decision changes nothing', binary, [bar(-3, 1), bar(-2, 2), bar(-1, 3)], []],
]
for (const [name, terms, candles, expected] of table) {
  t.test(name, async (t) => t.same(words(run(terms, candles)), expected))
}

t.test('silence: time alone cancels an entry and settles an expiry, and never early', async (t) => {
  const entry = { entryTime: at(0), entryPrice: '100', expiresAt: at(5) }
  t.equal(onPaperTime({ terms: binary }, at(5) - 1, undefined), undefined)
  t.match(onPaperTime({ terms: binary }, at(5), undefined), { status: 'cancelled', reason: 'no-price', profit: '0' })
  t.equal(onPaperTime({ terms: binary, entry }, at(5) - 1, bar(0, 100, 101)), undefined)
  t.match(onPaperTime({ terms: binary, entry }, at(5), bar(0, 100, 101)), { status: 'win', exitPrice: '101' })
  t.match(onPaperTime({ terms: binary, entry }, at(5), bar(-1, 1)), { status: 'cancelled', reason: 'no-price' })
  const manual = { ...binary, decidedAt: at(0) + 30_000 }
  t.equal(onPaperTime({ terms: manual }, at(5) + 30_000, undefined), undefined, 'its last candle may still close')
  t.match(onPaperTime({ terms: manual }, at(6), undefined), { reason: 'no-price', closedAt: at(5) + 30_000 })
})

t.test('a decision between two minutes enters at the next open, not at the one before', async (t) => {
  const terms = { ...binary, decidedAt: at(0) + 1 }
  t.same(words(run(terms, [bar(0, 1), bar(1, 100)])), ['opened 100 @1 until 6'])
})

t.test('the end of a recording refunds; on demand a spot position closes at the last price', async (t) => {
  t.match(onPaperFeedEnd(at(3)), { status: 'cancelled', reason: 'feed-ended', profit: '0', closedAt: at(3) })
  const entry = { entryTime: at(0), entryPrice: '200', expiresAt: at(5) }
  t.match(closePaperTrade({ terms: spot, entry }, bar(1, 200, 190)), {
    status: 'loss',
    reason: 'closed',
    exitPrice: '190',
    profit: '-0.50',
    closedAt: at(2),
  })
  t.equal(closePaperTrade({ terms: binary, entry }, bar(1, 200, 190)), undefined)
  t.match(closePaperTrade({ terms: binary }, bar(-1, 200)), { status: 'cancelled', reason: 'closed', profit: '0' })
})
