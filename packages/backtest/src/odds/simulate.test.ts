import { readFileSync } from 'node:fs'
import { sharedData } from '@sath/testkit'
import * as fc from 'fast-check'
import t from 'tap'
import { exactOdds } from './exact-odds.js'
import type { MonteCarlo, Odds, OddsInput } from './odds-input.js'
import { oddsPresets } from './odds-presets.js'
import { playScenarios, simulate } from './simulate.js'
import { summarise } from './summary.js'
import { enumerateOdds } from './testing/enumerate-odds.js'
import { expectedOdds } from './testing/expected-odds.js'
import { oddsInputs } from './testing/odds-inputs.js'

t.setTimeout(300_000)
const input = oddsPresets[0]!.input

const file = sharedData('martingale', 'expected.json')
t.test(
  'lies within four errors of the reference odds',
  { skip: file ? false : 'shared/data is not here' },
  async (t) => {
    for (const { name, input, odds } of expectedOdds(readFileSync(file as string, 'utf8')))
      t.strictSame(beyond(simulate(input), odds), [], name)
  },
)

t.test('lies within four errors of the exact odds of the classic setting', async (t) => {
  for (const winRate of [0.5, 0.6, 0.8])
    t.strictSame(beyond(simulate({ ...input, winRate }), exactOdds({ ...input, winRate })), [], `win rate ${winRate}`)
})

t.test('lies within five errors of what every path adds up to, in every kind of setting', async (t) => {
  const tiny = oddsInputs({ maxGales: 2, cycles: 3, trades: 4, scenarios: 4_000 })
  fc.assert(
    fc.property(tiny, (input) =>
      t.strictSame(beyond(simulate(input), enumerateOdds(input), 5), [], JSON.stringify(input)),
    ),
    { seed: 11, numRuns: 150 },
  )
})

t.test('satisfies Wald’s identity in every run', async (t) => {
  const inputs = oddsInputs({ maxGales: 3, cycles: 40, trades: 60, scenarios: 3_000 })
  fc.assert(
    fc.property(inputs, (input) => {
      const { mean, meanTurnover, identity } = simulate(input)
      const edge = input.winRate * (1 + input.payout) - 1 + input.tieRate
      t.ok(Math.abs(identity.mean - (input.capital + edge * meanTurnover)) < 1e-9)
      t.ok(Math.abs(mean - identity.mean) <= 4 * identity.standardError + 1e-9, JSON.stringify(input))
    }),
    { seed: 13, numRuns: 150 },
  )
})

t.test('the same seed gives the same bytes, another one another run', async (t) => {
  const again = () => JSON.stringify(simulate({ ...input, ladder: 'dual', scenarios: 500 }))
  t.equal(again(), again())
  t.not(simulate({ ...input, scenarios: 500 }).mean, simulate({ ...input, scenarios: 500, seed: 2 }).mean)
})

t.test('neither chunks nor their number change anything', async (t) => {
  const some = { ...input, scenarios: 1_000, winRate: 0.5 }
  const whole = JSON.stringify(simulate(some))
  for (const size of [1, 7, 333, 999]) {
    const parts = []
    for (let from = 0; from < 1_000; from += size) parts.push(playScenarios(some, from, Math.min(from + size, 1_000)))
    t.equal(JSON.stringify(summarise(some, parts)), whole, `in chunks of ${size}`)
  }
})

t.test('a stop is one at the balance, no later', async (t) => {
  const flat: OddsInput = { ...input, plan: 'FLAT', stake: 10, payout: 1, maxGales: 0, capital: 100, winRate: 0.5 }
  const { cycles: _, ...endless } = { ...flat, trades: 10_000, stopLoss: 70, takeProfit: 120, scenarios: 2_000 }
  const { histogram, p5, p95, pProfit, worst, maxDrawdown } = simulate(endless)
  t.strictSame([histogram.from, histogram.to, p5, p95, worst.final], [70, 120, 70, 120, 70])
  t.equal(histogram.counts.at(-1)! / 2_000, pProfit)
  t.ok(Math.abs(pProfit - 0.6) < 4 * Math.sqrt(0.24 / 2_000), 'three steps down, two up')
  t.ok(maxDrawdown.p95 <= 50 && maxDrawdown.mean >= 10)
})

t.test('stakes the last of the balance, and nothing of nothing', async (t) => {
  const lost = { ...input, plan: 'FLAT', maxGales: 0, winRate: 0, capital: 20, cycles: 5, scenarios: 1 } as const
  t.match(simulate({ ...lost, stake: 10 }), { mean: 0, meanTrades: 2, meanBusts: 2, pRuin: 1 })
  t.match(simulate({ ...lost, stake: { fraction: 1 } }), { mean: 0, meanTrades: 1, meanBusts: 1, pRuin: 1 })
  t.match(simulate({ ...lost, stake: 5, maxGales: 1, plan: 'X2', cycles: 2 }), { mean: 0, meanTrades: 3, meanGales: 1 })
  t.match(simulate({ ...lost, stake: 7, maxGales: 1, plan: 'X2' }), { mean: 6, meanTrades: 2, meanBusts: 2, pRuin: 1 })
})

t.test('draws, percentiles and the worst are those of the scenarios', async (t) => {
  const certain = simulate({ ...input, winRate: 1, scenarios: 3 })
  t.match(certain, { mean: 4460, sd: 0, standardError: 0, median: 4460, p5: 4460, p95: 4460, pProfit: 1, pRuin: 0 })
  t.match(certain, { meanTrades: 60, meanGales: 0, meanBusts: 0, meanTurnover: 1200, maxDrawdown: { mean: 0, p95: 0 } })
  t.strictSame(certain.histogram, { from: 4460, to: 4460, counts: [3] })
  const some = { ...input, winRate: 0.5, scenarios: 1_001 }
  const { final, maxDrawdown, trades, busts } = playScenarios(some, 0, 1_001)
  const sorted = [...final].sort((a, b) => a - b)
  const run = simulate(some)
  t.strictSame([run.median, run.p5, run.p95], [sorted[500], sorted[50], sorted[950]])
  const worst = final.indexOf(sorted[0]!)
  const { [worst]: drawdown } = maxDrawdown
  t.strictSame(run.worst, {
    scenario: worst,
    final: sorted[0],
    maxDrawdown: drawdown,
    trades: trades[worst],
    busts: busts[worst],
  })
  t.equal(
    run.histogram.counts.reduce((a, b) => a + b, 0),
    1_001,
  )
  t.ok(maxDrawdown.every((fall, n) => fall >= 3_500 - final[n]! - 1e-9))
  const lost = simulate({ ...input, winRate: 0, scenarios: 1, cycles: 1 })
  t.equal(lost.maxDrawdown.mean.toFixed(4), '2594.9268', 'one bust')
  t.equal(lost.sd, 0)
})

t.test('tells how far it is, and stops when asked', async (t) => {
  const seen: number[] = []
  simulate(input, { onProgress: (fraction) => seen.push(fraction) })
  t.ok(seen.length > 2 && seen.at(-1) === 1)
  t.strictSame(
    seen,
    [...seen].sort((a, b) => a - b),
  )
  t.throws(() => simulate(input, { shouldStop: () => true }), { code: 'cancelled' })
  t.throws(() => simulate({ ...input, payout: 0 }), { code: 'invalid-request', errors: [{ path: 'payout' }] })
})

/** What lies further away than so many errors: of the mean, and of shares of the scenarios as they are counted. */
function beyond(run: MonteCarlo, { mean, sd, pProfit, pRuin }: Odds, errors = 4): string[] {
  const n = run.scenarios
  const share = (x: number) => errors * Math.sqrt((x * (1 - x)) / n) + 2 / n
  const off = [
    ['mean', run.mean - mean, (errors * sd) / Math.sqrt(n) + 1e-9],
    ['pProfit', run.pProfit - pProfit, share(pProfit)],
    ['pRuin', run.pRuin - pRuin, share(pRuin)],
  ] as const
  return off.flatMap(([name, by, most]) => (Math.abs(by) > most ? [`${name} by ${by}, more than ${most}`] : []))
}
