import { AppError, type FieldError, type SeriesKey } from '@sath/core'
import { neededSeries } from '@sath/engine'
import { type Hooks, report as tell } from '../hooks.js'
import { createReport } from '../report/create-report.js'
import { type Estimate, wilson } from '../report/estimate.js'
import { intervalText, type VerdictCode } from '../report/verdict.js'
import { createBacktest } from '../run/backtest.js'
import type { BacktestInput } from '../run/backtest-input.js'
import { randomWalk } from './random-walk.js'

export interface ControlInput {
  /** What is to be controlled, as it would be tested. */
  readonly backtest: BacktestInput
  /** Random walks to run it over, 1…10000. */
  readonly runs: number
  /** Candles of each, 1…1000000: of the strategies' timeframe, or M1 where they want several. */
  readonly candles: number
  /** uint32. */
  readonly seed: number
  /** See `RandomWalk`; absent: nothing to find. */
  readonly persistence?: number | undefined
}

/** How often a configuration seems to have an edge where there is none. */
export interface ControlReport {
  readonly runs: number
  readonly verdicts: Readonly<Record<VerdictCode, number>>
  /** Share of runs that showed an edge, with its 95 % interval. 1 = 100 %. */
  readonly edgeShown: Estimate | null
  /** For the subscriber. */
  readonly sentence: string
}

/**
 * The same back-test over many random walks, which nobody can predict: what it finds there is the error of the method. The
 * verdict promises at most 2.5 % for independent trades.
 *
 * @throws AppError invalid-request naming the field, Cancelled
 */
export function controlRun(input: ControlInput, hooks: Hooks = {}): ControlReport {
  const errors = checkControl(input)
  if (errors.length > 0) throw new AppError('invalid-request', 'The control cannot run', { errors })
  const verdicts: Record<VerdictCode, number> = { edge: 0, 'no-edge': 0, worse: 0, 'too-few': 0 }
  for (let run = 0; run < input.runs; run++) {
    tell(hooks, run / input.runs)
    verdicts[verdictOf(input, run)] += 1
  }
  tell(hooks, 1)
  const edgeShown = wilson(verdicts.edge, input.runs)
  const share = edgeShown ? `: ${intervalText(edgeShown)}` : ''
  const silent = verdicts['too-few'] === 0 ? '' : `; ${verdicts['too-few']} of them had too few trades to tell`
  const sentence = `On ${input.runs} random walks an edge was shown ${verdicts.edge} ${verdicts.edge === 1 ? 'time' : 'times'}${share}${silent}.`
  return { runs: input.runs, verdicts, edgeShown, sentence }
}

function verdictOf({ backtest: input, candles, seed, persistence = 0.5 }: ControlInput, run: number): VerdictCode {
  const report = createReport(input)
  const backtest = createBacktest(input, report)
  const series = seriesOf(input)
  const walks = series.map((key, index) => ({
    key,
    walk: randomWalk({ seed, stream: run * series.length + index, timeframe: key.timeframe, persistence }),
  }))
  for (let n = 0; n < candles; n++) {
    for (const { key, walk } of walks) {
      const { value } = walk.next()
      if (value) backtest.push(key, value)
    }
  }
  backtest.finish()
  return report.report().verdict.code
}

/** One series a symbol: of the timeframe that is wanted, or M1 to make several of. */
function seriesOf({ config, defaultSource }: BacktestInput): SeriesKey[] {
  const needed = neededSeries(config, defaultSource)
  const [first, ...others] = new Set(needed.map(({ timeframe }) => timeframe))
  const timeframe = first && others.length === 0 ? first : 'M1'
  const bySymbol = new Map(needed.map(({ source, symbol }) => [`${source} ${symbol}`, { source, symbol, timeframe }]))
  return [...bySymbol.values()]
}

function checkControl({ runs, candles, seed, persistence = 0.5 }: ControlInput): FieldError[] {
  return [
    ...wholeOutOf('runs', runs, 1, 10_000),
    ...wholeOutOf('candles', candles, 1, 1_000_000),
    ...wholeOutOf('seed', seed, 0, 0xffff_ffff),
    ...(persistence >= 0 && persistence <= 1 ? [] : [{ path: 'persistence', message: 'must be a number from 0 to 1' }]),
  ]
}

function wholeOutOf(path: string, value: number, least: number, most: number): FieldError[] {
  const fits = Number.isInteger(value) && value >= least && value <= most
  return fits ? [] : [{ path, message: `must be a whole number from ${least} to ${most}` }]
}
