import { readFileSync } from 'node:fs'
import { sharedData } from '@sath/testkit'
import * as fc from 'fast-check'
import t, { type Test } from 'tap'
import { edgePerUnit, gamblersRuin } from './closed-forms.js'
import { exactOdds } from './exact-odds.js'
import type { Odds, OddsInput } from './odds-input.js'
import { oddsPresets } from './odds-presets.js'
import { enumerateOdds } from './testing/enumerate-odds.js'
import { expectedOdds } from './testing/expected-odds.js'
import { oddsInputs } from './testing/odds-inputs.js'

t.setTimeout(300_000)
const input = oddsPresets[0]!.input

t.test('gives what every path of a tiny configuration adds up to', async (t) => {
  const tiny = oddsInputs({ maxGales: 2, cycles: 3, trades: 4, scenarios: 1 })
  const exact = tiny.filter(({ ladder, stake }) => ladder === 'single' || typeof stake === 'number')
  fc.assert(
    fc.property(exact, (input) => isNear(t, exactOdds(input), enumerateOdds(input), 1e-9, JSON.stringify(input))),
    { seed: 3, numRuns: 500 },
  )
})

t.test('ties only make a cycle longer', async (t) => {
  const [plain, tied] = [0, 0.2].map((tieRate) => exactOdds({ ...input, winRate: 0.6 * (1 - tieRate), tieRate }))
  t.ok(Math.abs(tied!.mean - plain!.mean) < 1e-9)
  t.ok(Math.abs(tied!.meanTrades - plain!.meanTrades / 0.8) < 1e-9)
})

t.test('gives the published odds of the classic setting at each win rate', async (t) => {
  // Win rate, mean, P(profit), P(ruin), as printed.
  const rows = [
    [0.5, '2818.81', '0.6246', '0.0750'],
    [1 / 1.8, '3500.00', '0.8139', '0.0135'],
    [0.6, '3818.80', '0.9063', '0.0025'],
    [0.7, '4137.81', '0.9870', '0.0000'],
    [0.75, '4210.48', '0.9963', '0.0000'],
    [0.8, '4266.01', '0.9992', '0.0000'],
    [0.85, '4315.73', '0.9999', '0.0000'],
    [0.9, '4363.98', '1.0000', '0.0000'],
  ] as const
  for (const [winRate, mean, pProfit, pRuin] of rows) {
    const odds = exactOdds({ ...input, winRate })
    const printed = [odds.mean.toFixed(2), odds.pProfit.toFixed(4), odds.pRuin.toFixed(4)]
    t.strictSame(printed, [mean, pProfit, pRuin], `at a win rate of ${winRate}`)
  }
  const other = exactOdds({ ...input, stake: 35, payout: 0.85, maxGales: 3, cycles: 33 })
  t.equal(other.mean.toFixed(4), '4266.3471', 'a stake of 35 with three gales')
  t.equal(other.sd.toFixed(2), '111.55')
  t.equal(exactOdds({ ...input, stake: 35, payout: 0.85, maxGales: 2, cycles: 33 }).mean.toFixed(2), '4241.63')
  const target = exactOdds({ ...input, plan: 'TP', stake: 10, payout: 0.85, maxGales: 2, cycles: 100 })
  t.equal(target.mean.toFixed(2), '4279.89')
})

const file = sharedData('martingale', 'expected.json')
t.test('gives the reference odds to 1e-6', { skip: file ? false : 'shared/data is not here' }, async (t) => {
  for (const { name, input, odds } of expectedOdds(readFileSync(file as string, 'utf8')))
    isNear(t, exactOdds(input), odds, 1e-6 + 5e-7, name)
})

t.test('satisfies Wald’s identity: a plan scales the edge', async (t) => {
  const inputs = oddsInputs({ maxGales: 4, cycles: 12, trades: 15, scenarios: 1 })
  fc.assert(
    fc.property(
      inputs.filter(({ ladder, stake }) => ladder === 'single' || typeof stake === 'number'),
      (input) => {
        const { mean, meanTurnover } = exactOdds(input)
        t.ok(Math.abs(mean - (input.capital + edgePerUnit(input) * meanTurnover)) < 1e-7, JSON.stringify(input))
      },
    ),
    { seed: 5, numRuns: 100 },
  )
})

t.test('meets the gambler’s ruin, whose flat stake goes on until nothing or the target is there', async (t) => {
  for (const winRate of [0.45, 0.5, 0.55]) {
    const flat = { ...input, plan: 'FLAT', stake: 1, payout: 1, maxGales: 0, cycles: 3000, winRate } as const
    const { pRuin, pProfit } = exactOdds({ ...flat, capital: 10, takeProfit: 20 })
    t.ok(Math.abs(pRuin - gamblersRuin(winRate, 10, 20)) < 1e-9)
    t.ok(Math.abs(pProfit + pRuin - 1) < 1e-9)
  }
})

t.test('says which field makes it too large', async (t) => {
  const limits = { signals: 1_000_000, balances: 10_000 }
  const wide = { ...input, payout: 0.8765, maxGales: 6, capital: 500, rounding: 'cents' } as const
  const { cycles: _, ...endless } = wide
  const cases: [OddsInput, string][] = [
    [{ ...wide, cycles: 10_000 }, 'cycles'],
    [{ ...endless, trades: 10_000 }, 'trades'],
    [{ ...wide, stake: { fraction: 0.05 }, cycles: 10_000 }, 'stake'],
    [{ ...wide, stake: { fraction: 0.05 }, ladder: 'dual' }, 'stake'],
    [{ ...wide, payout: 0 }, 'payout'],
  ]
  for (const [input, path] of cases)
    t.throws(() => exactOdds(input, {}, limits), { code: 'invalid-request', errors: [{ path }] }, path)
  t.throws(() => exactOdds(input, { shouldStop: () => true }), { code: 'cancelled' })
})

function isNear(t: Test, found: Odds, wanted: Odds, within: number, name: string): void {
  for (const key of Object.keys(wanted) as (keyof Odds)[]) {
    const off = Math.abs(found[key] - wanted[key])
    if (off > within) t.fail(`${name}: ${key} is ${found[key]}, not ${wanted[key]}`)
  }
  t.pass(name)
}
