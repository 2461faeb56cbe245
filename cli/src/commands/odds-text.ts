import {
  breakEvenWinRate,
  edgePerUnit,
  gamblersRuin,
  lossRunProbability,
  type MonteCarlo,
  type Odds,
  type OddsInput,
} from '@sath/backtest'
import { table } from '../table.js'
import type { SimulateResult } from './simulate.js'

/** Odds for a person: one column for each way they were found, and what they rest on. */
export function oddsText(input: OddsInput, { monteCarlo, exact }: SimulateResult): string {
  const columns = [
    ...(monteCarlo ? [{ title: `${monteCarlo.scenarios} scenarios`, odds: monteCarlo as Odds }] : []),
    ...(exact ? [{ title: 'exact', odds: exact }] : []),
  ]
  const rows = lines.map(({ title, of }) => [title, ...columns.map(({ odds }) => of(odds))])
  return [
    setting(input),
    '',
    table([['', ...columns.map(({ title }) => title)], ...rows]),
    ...(monteCarlo ? ['', spreadText(monteCarlo)] : []),
    '',
    ...lossRuns(input, exact ?? monteCarlo),
    ...ruin(input),
    truth(input, exact ?? monteCarlo),
  ].join('\n')
}

const lines: readonly { readonly title: string; of(odds: Odds): string }[] = [
  { title: 'mean final balance', of: ({ mean }) => money(mean) },
  { title: 'standard deviation', of: ({ sd }) => money(sd) },
  { title: 'P(profit)', of: ({ pProfit }) => percent(pProfit) },
  { title: 'P(ruin)', of: ({ pRuin }) => percent(pRuin) },
  { title: 'trades', of: ({ meanTrades }) => money(meanTrades) },
  { title: 'gales', of: ({ meanGales }) => money(meanGales) },
  { title: 'busts', of: ({ meanBusts }) => meanBusts.toPrecision(3) },
  { title: 'turnover', of: ({ meanTurnover }) => money(meanTurnover) },
]

function setting({ plan, ladder, capital, stake, payout, maxGales, cycles, trades }: OddsInput): string {
  const length = cycles === undefined ? `${trades} trades` : `${cycles} cycles`
  const base = typeof stake === 'number' ? `${stake}` : `${percent(stake.fraction)} of the balance`
  return `${plan}, ${ladder} ladder, ${length}: capital ${capital}, stake ${base}, payout ${percent(payout)}, up to ${maxGales} gales`
}

function spreadText({ median, p5, p95, maxDrawdown, worst, standardError, seed }: MonteCarlo): string {
  const spread = `median ${money(median)}, 5 % end below ${money(p5)} and 5 % above ${money(p95)}`
  const falls = `largest fall on the way ${money(maxDrawdown.mean)} on average, above ${money(maxDrawdown.p95)} in 5 %`
  const end = `the worst ended at ${money(worst.final)} after ${worst.busts} ${worst.busts === 1 ? 'bust' : 'busts'}`
  return `Scenarios: ${spread};\n${falls}; ${end}.\nStandard error of the mean ${money(standardError)}, seed ${seed}.`
}

/** How likely the run of losses is that the ladder does not survive, among as many trades as are made on average. */
function lossRuns({ winRate, tieRate, ladder, maxGales }: OddsInput, odds: Odds | undefined): string[] {
  const trades = Math.round(odds?.meanTrades ?? 0)
  // A tie between two losses does not end their run, and two ladders count theirs apart: neither is a run of trades.
  if (tieRate > 0 || ladder === 'dual' || maxGales === 0) return []
  const probability = percent(lossRunProbability(winRate, maxGales + 1, trades))
  return [`P(${maxGales + 1} losses in a row within ${trades} trades): ${probability}; each such run is a bust.`, '']
}

/** Where a win and a loss move the balance by the same step: which of its two ends is met first, in closed form. */
function ruin(input: OddsInput): string[] {
  const { capital, stake, payout, plan, maxGales, winRate, tieRate, minStake, maxStake } = input
  const { stopLoss = 0, takeProfit } = input
  const isFlat = (plan === 'FLAT' || maxGales === 0) && minStake === undefined && maxStake === undefined
  if (!isFlat || typeof stake !== 'number' || payout !== 1 || takeProfit === undefined) return []
  const [units, target] = [(capital - stopLoss) / stake, (takeProfit - stopLoss) / stake]
  if (!Number.isInteger(units) || !Number.isInteger(target)) return []
  const probability = percent(gamblersRuin(winRate / (1 - tieRate), units, target))
  return [`P(a balance of ${stopLoss} before one of ${takeProfit}, played on without an end): ${probability}.`, '']
}

/** What nobody should have to find out alone. */
function truth(input: OddsInput, odds: Odds | undefined): string {
  const { winRate, tieRate, payout, capital } = input
  const edge = edgePerUnit(input)
  const identity = odds
    ? ` (${capital} ${edge < 0 ? '−' : '+'} ${Math.abs(edge).toFixed(4)} × ${money(odds.meanTurnover)})`
    : ''
  const ties = tieRate > 0 ? ` and a tie rate of ${percent(tieRate)}` : ''
  return `The win rate of ${percent(winRate)}${ties} was put in, not measured. At this payout ${percent(breakEvenWinRate(payout))} of the
decided trades must win to break even. Whatever the plan, the mean is capital + edge × turnover${identity}:
a plan scales the edge, it cannot change its sign.`
}

function money(value: number): string {
  return value.toFixed(2)
}

/** As many digits as a small probability needs to be told from none. */
function percent(share: number): string {
  const percent = share * 100
  return `${percent > 0 && percent < 0.01 ? percent.toExponential(1) : Number(percent.toFixed(3))} %`
}
