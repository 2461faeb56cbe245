import { edgePerUnit } from './closed-forms.js'
import type { MonteCarlo, OddsInput } from './odds-input.js'
import type { Outcomes } from './scenario.js'
import { tolerance } from './stake-table.js'

const histogramBins = 40

/** What the outcomes of all scenarios say together. Parts are given in the order of their scenarios. */
export function summarise(input: OddsInput, parts: readonly Outcomes[]): MonteCarlo {
  const { capital, seed, scenarios } = input
  const final = joined(parts, 'final')
  const turnover = joined(parts, 'turnover')
  const maxDrawdown = joined(parts, 'maxDrawdown')
  const trades = joined(parts, 'trades')
  const busts = joined(parts, 'busts')
  const mean = meanOf(final)
  const sd = sdOf(final, mean)
  const edge = edgePerUnit(input)
  const drift = final.map((balance, n) => balance - edge * (turnover[n] as number))
  const meanTurnover = meanOf(turnover)
  const sorted = final.toSorted()
  const worst = final.indexOf(sorted[0] as number)
  const above = capital + tolerance(input)
  return {
    mean,
    sd,
    pProfit: final.reduce((count, balance) => count + (balance > above ? 1 : 0), 0) / scenarios,
    pRuin: meanOf(joined(parts, 'ruined')),
    meanTrades: meanOf(trades),
    meanGales: meanOf(joined(parts, 'gales')),
    meanBusts: meanOf(busts),
    meanTurnover,
    scenarios,
    seed,
    standardError: sd / Math.sqrt(scenarios),
    median: percentile(sorted, 0.5),
    p5: percentile(sorted, 0.05),
    p95: percentile(sorted, 0.95),
    maxDrawdown: { mean: meanOf(maxDrawdown), p95: percentile(maxDrawdown.toSorted(), 0.95) },
    worst: {
      scenario: worst,
      final: final[worst] as number,
      maxDrawdown: maxDrawdown[worst] as number,
      trades: trades[worst] as number,
      busts: busts[worst] as number,
    },
    histogram: histogramOf(sorted),
    identity: {
      edge,
      mean: capital + edge * meanTurnover,
      standardError: sdOf(drift, meanOf(drift)) / Math.sqrt(scenarios),
    },
  }
}

function joined(parts: readonly Outcomes[], column: keyof Outcomes): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part[column].length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part[column], at)
    at += part[column].length
  }
  return all
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of the sample: divided by n - 1. 0 for one value. */
function sdOf(values: Float64Array, mean: number): number {
  if (values.length < 2) return 0
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

function percentile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1)
  const low = sorted[Math.floor(at)] as number
  const high = sorted[Math.ceil(at)] as number
  return low + (high - low) * (at - Math.floor(at))
}

function histogramOf(sorted: Float64Array): MonteCarlo['histogram'] {
  const from = sorted[0] as number
  const to = sorted[sorted.length - 1] as number
  if (from === to) return { from, to, counts: [sorted.length] }
  const counts = new Array<number>(histogramBins).fill(0)
  for (const balance of sorted) {
    const bin = Math.min(Math.floor(((balance - from) / (to - from)) * histogramBins), histogramBins - 1)
    counts[bin] = (counts[bin] as number) + 1
  }
  return { from, to, counts }
}
