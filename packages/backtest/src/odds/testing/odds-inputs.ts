import * as fc from 'fast-check'
import { ladders, type OddsInput, plans, roundings } from '../odds-input.js'

interface Bounds {
  readonly maxGales: number
  readonly cycles: number
  readonly trades: number
  readonly scenarios: number
}

const rates = [0.2, 0.45, 0.5, 0.6, 0.8]

/**
 * Inputs of every kind: plans, ladders, roundings, limits of the stake, stops, ties, a balance that is soon at its end, a stake
 * that follows it. Those that count cycles have no ties.
 */
export function oddsInputs({ maxGales, cycles, trades, scenarios }: Bounds): fc.Arbitrary<OddsInput> {
  const amount = (min: number, max: number) =>
    fc.integer({ min: min * 100, max: max * 100 }).map((cents) => cents / 100)
  const now = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
  const length = fc.oneof(
    fc.integer({ min: 1, max: cycles }).map((n) => ({ cycles: n, tieRate: 0 })),
    fc.record({ trades: fc.integer({ min: 1, max: trades }), tieRate: fc.constantFrom(0, 0.05, 0.2) }),
  )
  return fc
    .record({
      plan: fc.constantFrom(...plans),
      ladder: fc.constantFrom(...ladders),
      capital: fc.constantFrom(30, 50, 100, 400),
      stake: fc.oneof(amount(1, 20), fc.constant({ fraction: 0.07 })),
      payout: fc.constantFrom(0.75, 0.8, 0.85, 0.92, 1, 1.3),
      winRate: fc.constantFrom(...rates),
      maxGales: fc.integer({ min: 0, max: maxGales }),
      length,
      stopLoss: now(fc.integer({ min: 0, max: 29 })),
      takeProfit: now(fc.integer({ min: 401, max: 420 })),
      near: fc.boolean(),
      rounding: fc.constantFrom(...roundings),
      minStake: now(amount(1, 6)),
      maxStake: now(amount(7, 30)),
      seed: fc.integer({ min: 0, max: 0xffff_ffff }),
    })
    .map(({ length, near, stopLoss, takeProfit, minStake, maxStake, ...rest }) => ({
      ...rest,
      ...length,
      // A goal in reach of a few wins, or one that hardly any path comes to.
      ...(takeProfit !== undefined && { takeProfit: near ? rest.capital + (takeProfit - 400) : takeProfit }),
      ...(stopLoss !== undefined && { stopLoss: near ? rest.capital - 1 - stopLoss : stopLoss }),
      ...(minStake !== undefined && { minStake }),
      ...(maxStake !== undefined && { maxStake }),
      scenarios,
    }))
}
