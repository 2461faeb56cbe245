import * as fc from 'fast-check'
import t from 'tap'
import { stakeAt } from './closed-forms.js'
import { type OddsInput, type Plan, plans } from './odds-input.js'
import { oddsPresets } from './odds-presets.js'
import { baseStake, canBegin, fillStakes, stakeTable } from './stake-table.js'

const input: OddsInput = { ...oddsPresets[0]!.input, payout: 0.85, maxGales: 3, stake: 10 }

function tableOf(input: OddsInput, balance = input.capital) {
  const table = stakeTable(input)
  fillStakes(table, input, baseStake(input, balance))
  return { stake: [...table.stake], lost: [...table.lost], won: [...table.won] }
}

t.test('stakes by plan and rounding', async (t) => {
  const cents = { rounding: 'cents' } as const
  const cases: [string, Partial<OddsInput>, number[]][] = [
    ['flat', { plan: 'FLAT' }, [10, 10, 10, 10]],
    ['doubled', { plan: 'X2' }, [10, 20, 40, 80]],
    ['break-even, in cents: up', { plan: 'BE', ...cents }, [10, 11.77, 25.62, 55.76]],
    ['target, in cents: up', { plan: 'TP', ...cents }, [10, 21.77, 47.38, 103.12]],
    ['break-even, whole cents stay', { plan: 'BE', payout: 0.8, ...cents, maxGales: 2 }, [10, 12.5, 28.13]],
    ['flat to the nearest cent', { plan: 'FLAT', stake: 1.234, ...cents }, [1.23, 1.23, 1.23, 1.23]],
    ['halves go up', { plan: 'FLAT', stake: 1.005, ...cents, maxGales: 0 }, [1.01]],
    ['not below the smallest', { plan: 'X2', minStake: 25 }, [25, 50, 100, 200]],
    ['not above the largest', { plan: 'X2', maxStake: 35 }, [10, 20, 35, 35]],
    ['a fraction of the balance', { plan: 'X2', stake: { fraction: 0.01 } }, [35, 70, 140, 280]],
  ]
  for (const [name, change, stakes] of cases) t.strictSame(tableOf({ ...input, ...change }).stake, stakes, name)
})

t.test('without rounding stakes are those of the closed forms', async (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom<Plan>(...plans),
      fc.double({ min: 0.1, max: 3, noNaN: true }),
      fc.integer({ min: 0, max: 9 }),
      (plan, payout, maxGales) => {
        for (const [level, stake] of tableOf({ ...input, plan, payout, maxGales }).stake.entries()) {
          const closed = stakeAt(plan, 10, payout, level)
          t.ok(Math.abs(stake - closed) < closed * 1e-12, `${plan} ${payout} ${level}`)
        }
      },
    ),
    { seed: 1, numRuns: 100 },
  )
})

t.test('in cents a win never ends below what the plan promises, and at most a cent’s payout above', async (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom<Plan>('BE', 'TP'),
      fc.integer({ min: 1, max: 150 }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 1, max: 8 }),
      (plan, percent, cents, maxGales) => {
        const { stake, lost } = tableOf({
          ...input,
          plan,
          payout: percent / 100,
          stake: cents / 100,
          maxGales,
          rounding: 'cents',
        })
        for (let level = 1; level <= maxGales; level++) {
          // In ten-thousandths, so that nothing is rounded; beyond 2⁵³ doubles no longer hold cents.
          if (stake[level]! > 1e11) break
          const gain = BigInt(percent) * BigInt(Math.round(stake[level]! * 100))
          const promised = plan === 'TP' ? BigInt(percent) * BigInt(cents) : 0n
          const surplus = gain - BigInt(Math.round(lost[level]! * 100)) * 100n - promised
          t.ok(surplus >= 0n && surplus < BigInt(percent), `${plan} ${percent} % of ${cents} cents, level ${level}`)
        }
      },
    ),
    { seed: 2, numRuns: 300 },
  )
})

t.test('a break-even win earns exactly nothing, and what was lost is the sum of the stakes before', async (t) => {
  const { stake, lost, won } = tableOf({ ...input, plan: 'BE' })
  t.strictSame(won, [8.5, 0, 0, 0])
  t.strictSame(lost, [0, stake[0], stake[0]! + stake[1]!, stake[0]! + stake[1]! + stake[2]!, lost[4]])
  t.equal(lost[4], lost[3]! + stake[3]!)
})

t.test('a cycle begins while the balance pays for the base stake', async (t) => {
  t.strictSame([canBegin(input, 10), canBegin(input, 9.99)], [true, false])
  const follows = { ...input, stake: { fraction: 0.1 } }
  t.strictSame([canBegin(follows, 0.5), canBegin(follows, 0)], [true, false])
  t.strictSame(
    [canBegin({ ...follows, minStake: 1 }, 0.5), canBegin({ ...follows, rounding: 'cents' }, 0.04)],
    [false, false],
  )
})
