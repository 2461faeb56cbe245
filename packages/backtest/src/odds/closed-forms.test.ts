import { readFileSync } from 'node:fs'
import { sharedData } from '@sath/testkit'
import * as fc from 'fast-check'
import t from 'tap'
import { breakEvenWinRate, costOfBust, edgePerUnit, gamblersRuin, lossRunProbability, stakeAt } from './closed-forms.js'
import { exactOdds } from './exact-odds.js'
import { type OddsInput, plans } from './odds-input.js'
import { oddsPresets } from './odds-presets.js'
import { expectedOdds } from './testing/expected-odds.js'

const input = oddsPresets[0]!.input
const near = (a: number, b: number, within = 1e-12) => Math.abs(a - b) <= within * Math.max(1, Math.abs(b))

t.test('break-even and edge', async (t) => {
  const percent = [0.8, 0.82, 0.85, 0.87, 0.9, 0.92].map((payout) => (breakEvenWinRate(payout) * 100).toFixed(2))
  t.strictSame(percent, ['55.56', '54.95', '54.05', '53.48', '52.63', '52.08'])
  t.ok(near(edgePerUnit({ winRate: breakEvenWinRate(0.85), tieRate: 0, payout: 0.85 }), 0))
  t.ok(near(edgePerUnit({ winRate: 0.5, tieRate: 0.1, payout: 0.85 }), 0.5 * 0.85 - 0.4))
})

t.test('the probability of a run of losses', async (t) => {
  t.equal((lossRunProbability(0.8, 4, 100) * 100).toFixed(2), '11.77')
  t.equal((lossRunProbability(0.8, 4, 1000) * 100).toFixed(1), '72.3')
  t.equal((lossRunProbability(0.5, 3, 100) * 100).toFixed(2), '99.97')
  for (const [winRate, run] of [
    [0.8, 4],
    [0.5, 3],
    [0.35, 2],
    [0.6, 1],
  ] as const)
    t.ok(
      near(lossRunProbability(winRate, run, 12), countedRuns(winRate, run, 12)),
      `${run} at ${winRate}, all 4096 ways`,
    )
})

t.test('the gambler’s ruin', async (t) => {
  t.ok(near(gamblersRuin(0.45, 10, 20), 0.8814994686598714))
  t.ok(near(gamblersRuin(0.55, 20, 30), 0.015680312441856668))
  t.ok(near(gamblersRuin(0.5, 20, 30), 1 / 3))
  t.strictSame([gamblersRuin(0.3, 900, 5000), gamblersRuin(0, 1, 2), gamblersRuin(0, 2, 2)], [1, 1, 0])
})

t.test('a cycle with money enough is what one cycle of the exact odds gives', async (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...plans),
      fc.constantFrom(0.7, 0.85, 1, 1.4),
      fc.constantFrom(0, 0.3, 0.55, 0.9),
      fc.constantFrom(0, 0.1),
      fc.integer({ min: 0, max: 5 }),
      (plan, payout, winRate, tieRate, maxGales) => {
        const cycle = { ...input, plan, payout, winRate, tieRate, maxGales, cycles: 1, capital: 100_000, stake: 20 }
        const odds = exactOdds(cycle)
        const { trades, gales, pBust, turnover, profit } = expectedCycle(cycle)
        const pairs = [
          [trades, odds.meanTrades],
          [gales, odds.meanGales],
          [pBust, odds.meanBusts],
          [turnover, odds.meanTurnover],
          [profit, odds.mean - 100_000],
        ] as const
        for (const [closed, exact] of pairs) t.ok(near(closed, exact, 1e-8), JSON.stringify(cycle))
      },
    ),
    { seed: 7, numRuns: 100 },
  )
})

t.test('the published expectation of a cycle, by plan', async (t) => {
  const cycle = { payout: 0.8, winRate: 0.6, tieRate: 0, maxGales: 3, stake: 10 }
  const bust = 0.4 ** 4
  const [be, tp] = (['BE', 'TP'] as const).map((plan) => expectedCycle({ ...cycle, plan }).profit)
  t.ok(near(be!, 0.6 * 0.8 * 10 - bust * 10 * 2.25 ** 3), 'w p s - q^(m+1) s (1 + 1/p)^m')
  t.ok(near(tp!, (1 - bust) * 0.8 * 10 - bust * costOfBust('TP', 10, 0.8, 3)), '(1 - q^(m+1)) p s - q^(m+1) C')
  t.ok(near(costOfBust('BE', 10, 0.8, 3), 10 * 2.25 ** 3), 'C = s (1 + 1/p)^m')
  t.ok(near(costOfBust('TP', 10, 0.8, 3), 10 * 0.8 * (2.25 ** 4 - 1)), 'C = s p ((1 + 1/p)^(m+1) - 1)')
})

const file = sharedData('martingale', 'expected.json')
t.test('the reference values', { skip: file ? false : 'shared/data is not here' }, async (t) => {
  const json = readFileSync(file as string, 'utf8')
  interface Run {
    readonly win_rate: number
    readonly run: number
    readonly trades: number
    readonly p_at_least_one: number
  }
  interface Ruin {
    readonly win_rate: number
    readonly units: number
    readonly target: number
    readonly p_ruin: number
  }
  const reference = JSON.parse(json) as {
    readonly loss_run: readonly Run[]
    readonly gamblers_ruin: readonly Ruin[]
    readonly break_even_win_rate: Readonly<Record<string, number>>
  }
  for (const { win_rate, run, trades, p_at_least_one } of reference.loss_run)
    t.ok(near(lossRunProbability(win_rate, run, trades), p_at_least_one, 1e-11), `${run} in ${trades} at ${win_rate}`)
  for (const { win_rate, units, target, p_ruin } of reference.gamblers_ruin)
    t.ok(near(gamblersRuin(win_rate, units, target), p_ruin), `${units} of ${target} at ${win_rate}`)
  for (const [payout, rate] of Object.entries(reference.break_even_win_rate))
    t.ok(near(breakEvenWinRate(Number(payout)), rate), `payout ${payout}`)
  for (const { name, input, stakes, sumOfStakes } of expectedOdds(json)) {
    const { plan, stake, payout, maxGales } = input
    for (const [level, wanted] of stakes.entries()) t.ok(near(stakeAt(plan, stake, payout, level), wanted), name)
    t.ok(near(costOfBust(plan, stake, payout, maxGales), sumOfStakes), name)
  }
})

function countedRuns(winRate: number, run: number, trades: number): number {
  let sum = 0
  for (let ways = 0; ways < 2 ** trades; ways++) {
    const losses = ways.toString(2).padStart(trades, '0')
    const lost = losses.split('1').length - 1
    if (losses.includes('1'.repeat(run))) sum += (1 - winRate) ** lost * winRate ** (trades - lost)
  }
  return sum
}

/**
 * One cycle with money enough and a fixed stake, without rounding or limits. With q the losing share of the trades that are
 * no ties, level k is reached with probability q^k and takes 1 / (1 - t) trades.
 */
function expectedCycle(
  input: Pick<OddsInput, 'plan' | 'payout' | 'winRate' | 'tieRate' | 'maxGales'> & { readonly stake: number },
) {
  const { plan, stake, payout, tieRate, maxGales } = input
  const perLevel = 1 / (1 - tieRate)
  const lose = 1 - input.winRate * perLevel
  let [trades, turnover, reached] = [0, 0, 1]
  for (let level = 0; level <= maxGales; level++) {
    trades += reached * perLevel
    turnover += reached * perLevel * stakeAt(plan, stake, payout, level)
    reached *= lose
  }
  return { trades, gales: trades - perLevel, pBust: reached, turnover, profit: edgePerUnit(input) * turnover }
}
