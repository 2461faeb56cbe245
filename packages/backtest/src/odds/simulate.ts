import { type Hooks, report } from '../hooks.js'
import { assertOdds } from './check-odds.js'
import type { MonteCarlo, OddsInput } from './odds-input.js'
import { newOutcomes, type Outcomes, scenarioPlayer } from './scenario.js'
import { summarise } from './summary.js'

/** Between two looks at the hooks: some milliseconds of work. */
const tradesPerLook = 200_000

/**
 * Odds by Monte Carlo.
 *
 * @throws AppError invalid-request with the errors of checkOdds
 * @throws Cancelled when the hooks say so
 */
export function simulate(input: OddsInput, hooks: Hooks = {}): MonteCarlo {
  assertOdds(input)
  return summarise(input, [playScenarios(input, 0, input.scenarios, hooks)])
}

/**
 * Plays the scenarios `from` up to, not including, `to` of a checked input. A worker each may play a part: summarise joins
 * them in order to the same answer, to the last bit, as one run gives.
 *
 * @throws Cancelled when the hooks say so
 */
export function playScenarios(input: OddsInput, from: number, to: number, hooks: Hooks = {}): Outcomes {
  const outcomes = newOutcomes(to - from)
  const play = scenarioPlayer(input)
  let sinceLook = 0
  for (let n = from; n < to; n++) {
    play(n, outcomes, n - from)
    sinceLook += 1 + (outcomes.trades[n - from] as number)
    if (sinceLook < tradesPerLook) continue
    sinceLook = 0
    report(hooks, (n + 1 - from) / (to - from))
  }
  report(hooks, 1)
  return outcomes
}
