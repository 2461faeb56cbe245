import t from 'tap'
import { assertOdds, checkOdds } from './check-odds.js'
import { oddsPresets } from './odds-presets.js'

const input = oddsPresets[0]!.input
const { cycles: _, ...endless } = input

t.test('takes what can be computed, up to the ends of each range', async (t) => {
  const fine = [
    input,
    { ...endless, trades: 100_000 },
    { ...input, cycles: 1, scenarios: 100_000, seed: 0xffff_ffff, maxGales: 0 },
    { ...input, maxGales: 20, winRate: 0.7, tieRate: 0.3 },
    { ...input, winRate: 0, stake: { fraction: 1 }, stopLoss: 0, takeProfit: 3500.01 },
    { ...input, rounding: 'cents', minStake: 1.15, maxStake: 1.15, ladder: 'dual' },
    { ...input, minStake: 1.005, stopLoss: undefined },
  ]
  for (const one of fine) t.same(checkOdds(one), [], JSON.stringify(one))
})

t.test('names each field that is wrong, and what it must be', async (t) => {
  const number = 'must be a number from'
  const cases: [string, unknown, string][] = [
    ['plan', { ...input, plan: 'XX' }, 'must be one of FLAT, X2, BE, TP'],
    ['ladder', { ...input, ladder: 'triple' }, 'must be one of single, dual'],
    ['rounding', { ...input, rounding: 2 }, 'must be one of none, cents'],
    ['capital', { ...input, capital: 0 }, `${number} 0.01 to 1000000000`],
    ['capital', { ...input, capital: '3500' }, `${number} 0.01 to 1000000000`],
    ['capital', { ...input, capital: undefined }, `is missing; ${number} 0.01 to 1000000000`],
    ['stake', { ...input, stake: 0 }, 'must be an amount from 0.01'],
    ['stake', { ...input, stake: { fraction: 1.1 } }, 'must be an amount from 0.01'],
    ['stake', { ...input, stake: { fraction: 0.1, more: 1 } }, 'must be an amount from 0.01'],
    ['stake', { ...input, stake: null }, 'must be an amount from 0.01'],
    ['payout', { ...input, payout: 10.1 }, `${number} 0.01 to 10`],
    ['payout', { ...input, payout: Infinity }, `${number} 0.01 to 10`],
    ['winRate', { ...input, winRate: Number.NaN }, `${number} 0 to 1`],
    ['winRate', { ...input, winRate: 80 }, `${number} 0 to 1`],
    ['tieRate', { ...input, tieRate: 0.91, winRate: 0 }, `${number} 0 to 0.9`],
    ['tieRate', { ...input, winRate: 0.75, tieRate: 0.26 }, 'must be at most 0.25'],
    ['tieRate', { ...input, winRate: 0.8, tieRate: 0.5 }, 'must be at most 0.2:'],
    ['maxGales', { ...input, maxGales: 21 }, 'must be a whole number from 0 to 20'],
    ['maxGales', { ...input, maxGales: 1.5 }, 'must be a whole number from 0 to 20'],
    ['cycles', { ...input, cycles: 100_001 }, 'must be a whole number from 1 to 100000'],
    ['cycles', endless, 'is missing; give cycles or trades'],
    ['trades', { ...endless, trades: 0 }, 'must be a whole number from 1 to 100000'],
    ['trades', { ...input, trades: 10 }, 'must be left out where cycles are given'],
    ['stopLoss', { ...input, stopLoss: 3500 }, 'must be a balance below the capital, 3500'],
    ['stopLoss', { ...input, stopLoss: -1 }, `${number} 0 to 1000000000`],
    ['takeProfit', { ...input, takeProfit: 3500 }, 'must be a balance above the capital, 3500'],
    ['takeProfit', { ...input, takeProfit: 1e13 }, `${number} 0.01 to 1000000000000`],
    ['minStake', { ...input, minStake: 0 }, `${number} 0.01 to 1000000000`],
    ['minStake', { ...input, minStake: 2, maxStake: 1 }, 'must be at most the largest stake, 1'],
    ['minStake', { ...input, rounding: 'cents', minStake: 1.005 }, 'must be in whole cents'],
    ['maxStake', { ...input, maxStake: 1e10 }, `${number} 0.01 to 1000000000`],
    ['maxStake', { ...input, rounding: 'cents', maxStake: 9.999 }, 'must be in whole cents'],
    ['seed', { ...input, seed: -1 }, 'must be a whole number from 0 to 4294967295'],
    ['seed', { ...input, seed: 2 ** 32 }, 'must be a whole number from 0 to 4294967295'],
    ['scenarios', { ...input, scenarios: 100_001 }, 'must be a whole number from 1 to 100000'],
    ['gales', { ...input, gales: 2 }, 'is not a field; remove it'],
    ['', null, 'must be an object'],
  ]
  for (const [path, wrong, message] of cases) {
    const [error, ...more] = checkOdds(wrong)
    t.equal(error?.path, path)
    t.equal(error?.message.slice(0, message.length), message, `${path}: ${error?.message}`)
    t.same(more, [])
  }
  t.same(
    checkOdds({}).map(({ path }) => path),
    'plan ladder capital stake payout winRate tieRate maxGales rounding seed scenarios'.split(' '),
  )
  t.throws(() => assertOdds({ ...input, seed: 0.5 }), { code: 'invalid-request', errors: [{ path: 'seed' }] })
})
