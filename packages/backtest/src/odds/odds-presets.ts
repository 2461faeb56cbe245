import { breakEvenWinRate, costOfBust } from './closed-forms.js'
import { type MeasuredWinRate, measuredWinRates } from './measured-win-rates.js'
import type { OddsInput } from './odds-input.js'

/** A setting of the simulator to begin with. */
export interface OddsPreset {
  readonly id: string
  readonly name: string
  /** What it is and what it does not prove, for the user. */
  readonly summary: string
  readonly input: OddsInput
}

/** A break-even gale whose exact mean is 4266.01: the setting behind the much quoted "win rate 80 %: $4,266, +22 %". */
const classic = {
  plan: 'BE',
  ladder: 'single',
  capital: 3500,
  stake: 20,
  payout: 0.8,
  winRate: 0.8,
  tieRate: 0,
  maxGales: 6,
  cycles: 60,
  rounding: 'none',
  seed: 1,
  scenarios: 10_000,
} as const satisfies OddsInput

const best = measuredWinRates.reduce((a, b) => (b.rate > a.rate ? b : a))
const bust = costOfBust(classic.plan, classic.stake, classic.payout, classic.maxGales)
const bustInWords = `One bust, ${classic.maxGales + 1} losses in a row, costs ${bust.toFixed(2)}, ${percent(bust / classic.capital, 0)} of the capital.`

/** The classic 80 %, and the same at win rates that were measured. */
export const oddsPresets: readonly OddsPreset[] = [
  {
    id: 'classic-80',
    name: 'the classic 80 %',
    summary: `A win rate of 80 % was put in; it was not measured. With it the mean is 4266.01, 22 % above the start; with 50 % put in it is 2818.81. The best of our strategies, ${best.strategy}, won ${percent(best.rate, 2)} of its trades on real data, and at a payout of ${classic.payout} a trade needs ${percent(breakEvenWinRate(classic.payout), 2)} to break even. ${bustInWords}`,
    input: classic,
  },
  ...measuredWinRates.map(
    (measured): OddsPreset => ({
      id: `classic-at-${measured.strategy}`,
      name: `the classic at the win rate of ${measured.strategy}`,
      summary: `The classic 80 % with the ${inWords(measured)} in place of the 80 % put in. ${bustInWords}`,
      input: { ...classic, winRate: measured.rate },
    }),
  ),
]

function inWords({ strategy, trades, rate, low, high }: MeasuredWinRate): string {
  return `${percent(rate, 2)} that ${strategy} won of ${trades} trades on real data, ties left out (95 % interval ${percent(low, 2)} to ${percent(high, 2)})`
}

function percent(share: number, places: number): string {
  return `${(share * 100).toFixed(places)} %`
}
