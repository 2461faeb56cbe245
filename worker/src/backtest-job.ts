import {
  type BacktestInput,
  type BacktestReport,
  createBacktest,
  createReport,
  type OptimiseReport,
  optimise,
} from '@sath/backtest'
import type { BacktestJob } from '@sath/contracts'
import { AppError } from '@sath/core'
import { type Db, type MinuteSeries, minutePages } from '@sath/db'
import { type BacktestWindow, backtestWindow, noCandles } from './backtest-window.js'
import { type CandleStore, candleStore } from './candle-store.js'
import { stagesOf } from './stages.js'

/** Most candles that a search may go over: they are in memory, and each variant is a back-test. */
const mostSearched = 2_000_000

export interface JobDeps {
  readonly db: Db
  /** Every query is bound to it. */
  readonly tenantId: string
  /** Takes the fraction that is done, 0…1. */
  readonly onProgress: (fraction: number) => void
}

export interface StoredReport extends BacktestReport {
  /** Markets whose stored minutes were read, and how many minutes these were. */
  readonly series: readonly MinuteSeries[]
  readonly candles: number
  /** Of a search; the rest of the report is of the parameters as they were given. */
  readonly optimise?: OptimiseReport
}

/** @throws AppError plan-limit, not-available (no candles), invalid-request */
export async function runBacktest(job: BacktestJob, deps: JobDeps): Promise<StoredReport> {
  const window = await backtestWindow(deps.db, deps.tenantId, job)
  const { optimise: search } = job
  if (!search) return overStoredCandles(job, window, deps)
  const stages = stagesOf(deps.onProgress, [1, search.variants])
  const store = candleStore()
  const report = await overStoredCandles(job, window, { ...deps, ...stages() }, store)
  const input = { ...search, backtest: backtestInput(job), seed: search.seed ?? 0 }
  return { ...report, optimise: optimise(input, store.candles, stages()) }
}

/** The back-test over the candles of the window, which are read page by page. `store` keeps them for a search. */
async function overStoredCandles(
  job: BacktestJob,
  window: BacktestWindow,
  deps: JobDeps,
  store?: CandleStore,
): Promise<StoredReport> {
  const { series, from, to } = window
  const input = backtestInput(job)
  const report = createReport(input)
  const backtest = createBacktest(input, report)
  for await (const page of minutePages(deps.db, series, from, to)) {
    for (const { source, symbol, candle } of page) backtest.push({ source, symbol, timeframe: 'M1' }, candle)
    store?.add(page)
    if (store && store.count > mostSearched)
      throw new AppError(
        'invalid-request',
        `A search goes over at most ${mostSearched} minutes; take a shorter window.`,
      )
    deps.onProgress(((page.at(-1)?.candle.time ?? from) - from) / (to - from))
  }
  if (backtest.candles === 0) throw noCandles(job, series)
  backtest.finish()
  return { ...report.report(), series, candles: backtest.candles }
}

function backtestInput({ config, defaultSource, payout, spread, maxStake }: BacktestJob): BacktestInput {
  return {
    config,
    defaultSource: defaultSource ?? '',
    payout,
    spread,
    ...(maxStake === null ? {} : { maxStake }),
  }
}
