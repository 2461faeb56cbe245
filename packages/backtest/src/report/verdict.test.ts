import t from 'tap'
import type { BacktestTrade } from '../run/backtest-trade.js'
import { addTrade, amountsOf, emptyTally, performanceOf } from './tally.js'
import { trade } from './trade.fixture.js'
import { judge } from './verdict.js'

/** So many of each kind. */
function performance(...groups: [number, Partial<BacktestTrade>][]) {
  const tally = emptyTally()
  for (const [count, changes] of groups) {
    for (let i = 0; i < count; i++) addTrade(tally, amountsOf(trade(changes)))
  }
  return performanceOf(tally)
}

const binary = (wins: number, losses: number) => performance([wins, { status: 'win' }], [losses, { status: 'loss' }])

t.test('a binary verdict weighs the whole interval against break-even', (t) => {
  // Break-even 54.054 %. Bounds by Wilson's formula: 573/1000 → 54.21 %, 571/1000 → 54.01 %; 509 → 53.99 %, 511 → 54.19 %.
  const table: [number, number, string][] = [
    [573, 427, 'edge'],
    [571, 429, 'no-edge'],
    [541, 459, 'no-edge'],
    [511, 489, 'no-edge'],
    [509, 491, 'worse'],
    [29, 0, 'too-few'],
    [30, 0, 'edge'],
    [0, 29, 'too-few'],
    [0, 30, 'worse'],
    [0, 0, 'too-few'],
  ]
  for (const [wins, losses, code] of table) t.equal(judge(binary(wins, losses)).code, code, `${wins} : ${losses}`)
  t.end()
})

t.test('the sentence says it in words, with the interval beside break-even', (t) => {
  t.equal(
    judge(binary(1131, 1080)).sentence,
    'no edge shown, and worse than break-even at 95 %: 1131 of 2211 decided trades won, 51.15 % (49.07 to 53.23 %); break-even is 54.05 %',
  )
  t.match(judge(binary(700, 300)).sentence, /^edge shown at 95 %: 700 of 1000 /)
  t.match(judge(binary(55, 45)).sentence, /^no edge shown: 55 of 100 /)
  t.match(judge(binary(9, 1)).sentence, /^no edge shown, too few trades to tell: 9 of 10 /)
  t.equal(judge(performance()).sentence, 'no edge shown: there was no trade')
  t.match(judge(performance([5, { status: 'cancelled' }])).sentence, /there was no trade/)
  t.end()
})

t.test('ties are no trials, and several payouts make one break-even', (t) => {
  const tied = performance([6, { status: 'win' }], [4, { status: 'loss' }], [90, { status: 'tie' }])
  t.equal(tied.winRate?.value, 0.6)
  t.equal(tied.trades, 100)
  t.equal(judge(tied).code, 'too-few')
  const mixed = performance(
    [50, { status: 'win', payout: '0.8' }],
    [50, { status: 'loss', payout: '0.9' }],
    [100, { status: 'tie', payout: '0.1' }],
  )
  t.ok(Math.abs((mixed.breakEvenRate ?? 0) - 1 / 1.85) < 1e-12, 'a tie has no payout that counts')
  t.end()
})

t.test('a spot trade has no break-even rate: the mean profit is judged', (t) => {
  const spot = (gains: number, profit: string, losses: number) =>
    performance(
      [gains, { instrument: 'spot', payout: '0', status: 'win', profit }],
      [losses, { instrument: 'spot', payout: '0', status: 'loss', profit: '-1.00' }],
    )
  // 100 trades of 10: ±10 %, half-width about 2 %. Few large gains are an edge although most trades lose.
  const table: [number, string, number, string][] = [
    [50, '1.00', 50, 'no-edge'],
    [65, '1.00', 35, 'edge'],
    [35, '1.00', 65, 'worse'],
    [40, '3.00', 60, 'edge'],
    [20, '1.00', 9, 'too-few'],
    [30, '1.00', 0, 'too-few'],
  ]
  for (const [gains, profit, losses, code] of table) {
    const found = spot(gains, profit, losses)
    t.equal(found.breakEvenRate, null)
    t.equal(judge(found).code, code, `${gains} × ${profit} : ${losses}`)
  }
  t.match(
    judge(spot(65, '1.00', 35)).sentence,
    /^edge shown at 95 %: 100 trades earned 3\.0000 % \(1\.0\d\d\d to 4\.9\d\d\d %\) of their stakes; break-even is 0 %$/,
  )
  const both = performance([50, { status: 'win' }], [1, { instrument: 'spot', payout: '0', status: 'loss' }])
  t.equal(both.breakEvenRate, null, 'one spot trade is enough')
  t.end()
})

t.test('trades that depend on each other count for fewer', (t) => {
  const effect = { winRate: 2, meanReturn: 2 }
  const edge = binary(580, 420)
  t.equal(judge(edge).code, 'edge')
  const found = judge(edge, effect)
  t.equal(found.code, 'no-edge', 'as many wins of half the trades would not do')
  t.equal(
    found.sentence,
    'no edge shown: 580 of 1000 decided trades won, 58.00 % (54.92 to 61.02 %), with trades of the same moment taken together 53.63 to 62.25 %; break-even is 54.05 %',
  )
  t.equal(found.weighed?.low.toFixed(4), '0.5363')
  t.equal(judge(binary(59, 0), effect).code, 'too-few', '59 are not 30 pairs')
  t.equal(judge(binary(60, 0), effect).code, 'edge')
  const spot = performance(
    [62, { instrument: 'spot', payout: '0', status: 'win', profit: '1.00' }],
    [38, { instrument: 'spot', payout: '0', status: 'loss', profit: '-1.00' }],
  )
  t.equal(judge(spot).code, 'edge')
  t.equal(judge(spot, effect).code, 'no-edge')
  const few = performance(
    [50, { instrument: 'spot', payout: '0', status: 'win', profit: '1.00' }],
    [9, { instrument: 'spot', payout: '0', status: 'loss', profit: '-1.00' }],
  )
  t.equal(judge(few).code, 'edge')
  t.equal(judge(few, effect).code, 'too-few')
  t.end()
})
