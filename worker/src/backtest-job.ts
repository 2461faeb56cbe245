import { type BacktestInput, type BacktestReport, createBacktest, createReport } from '@sath/backtest'
import type { BacktestJob } from '@sath/contracts'
import { type Db, type MinuteSeries, minutePages } from '@sath/db'
import { type BacktestWindow, backtestWindow, noCandles } from './backtest-window.js'

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
}

/** @throws AppError plan-limit, not-available (no candles), invalid-request */
export async function runBacktest(job: BacktestJob, deps: JobDeps): Promise<StoredReport> {
  const window = await backtestWindow(deps.db, deps.tenantId, job)
  return overStoredCandles(job, window, deps)
}

/** The back-test over the candles of the window, which are read page by page. */
async function overStoredCandles(job: BacktestJob, window: BacktestWindow, deps: JobDeps): Promise<StoredReport> {
  const { series, from, to } = window
  const input = backtestInput(job)
  const report = createReport(input)
  const backtest = createBacktest(input, report)
  for await (const page of minutePages(deps.db, series, from, to)) {
    for (const { source, symbol, candle } of page) backtest.push({ source, symbol, timeframe: 'M1' }, candle)
    deps.onProgress(((page.at(-1)?.candle.time ?? from) - from) / (to - from))
  }
  if (backtest.candles === 0) throw noCandles(job, series)
  backtest.finish()
  return { ...report.report(), series, candles: backtest.candles }
}

export function backtestInput({ config, defaultSource, payout, spread, maxStake }: BacktestJob): BacktestInput {
  return {
    config,
    defaultSource: defaultSource ?? '',
    payout,
    spread,
    ...(maxStake === null ? {} : { maxStake }),
  }
}
