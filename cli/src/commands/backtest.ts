import {
  type BacktestInput,
  type BacktestReport,
  type ControlReport,
  controlRun,
  createBacktest,
  createReport,
} from '@sath/backtest'
import { type Candle, type SeriesKey, type Timeframe, timeframeMs } from '@sath/core'
import { createSeriesCounter } from '@sath/feeds'
import { catalogue, findStrategy } from '@sath/strategies'
import type { Command } from 'commander'
import { loadCandles, symbolOfFile, timeframeOfBars } from '../candle-file.js'
import type { Io } from '../io.js'
import { timeframeOf } from '../option-values.js'
import { createProgress } from '../progress.js'
import { type BacktestOptions, backtestInput, controlRuns, fileSource } from './backtest-config.js'
import { reportText } from './report-text.js'

const help = `
The engine that runs the bots, over recorded candles: it decides when a bar has closed, enters at the next open, and the
option expires one bar later. A file of M1 bars is aggregated to the timeframe; other bars are used as they are.
With --control: how often the same back-test shows an edge over random walks, where there is none. They are as long as the
file, at most 10000 candles, and the same each time.
With --json: the report in full, money as decimal text, times in ms.

Strategies: ${catalogue.map(({ id }) => id).join(', ')}.

Martingale plans: none, classic, break-even, target; then, after commas, gales=2, ladder=single|dual, next=signal|candle
and, for classic, multiplier=2.

Examples:
  sath backtest --candles EURUSD_M1_2020.csv --strategy rsi-reversal
  sath backtest --candles ADAUSDT_M5_2025.csv --strategy ema-cross --params fast=5,slow=13 --payout 0.8
  sath backtest --candles EURUSD_M1_2020.csv --strategy adx-trend --control 200
  sath backtest --candles EURUSD_M1_2020.csv --strategy stochastic --martingale break-even,gales=3,ladder=dual --json`

export function addBacktest(program: Command, io: Io): void {
  program
    .command('backtest')
    .description('print what a strategy would have made of recorded candles')
    .requiredOption('--candles <file>', 'CSV of M1 bars, or of bars of the timeframe')
    .requiredOption('--strategy <id>', 'id of the strategy')
    .option('--timeframe <timeframe>', 'bars it decides on (default: M5 of M1 bars, else those of the file; mhi-1: M1)')
    .option('--params <k=v,…>', 'parameters of the strategy; what is left out has its default')
    .option('--confirm <timeframe>', 'only with the trend of this longer timeframe; needs M1 bars')
    .option('--martingale <plan>', 'plan, and settings after commas', 'none')
    .option('--payout <share>', 'profit of a win per unit staked', '0.85')
    .option('--spread <share>', 'distance of the two prices, as a share of the price', '0')
    .option('--stake <amount>', 'base stake', '10')
    .option('--capital <amount>', 'balance before the first trade', '1000')
    .option('--control <runs>', 'run it over so many random walks, too')
    .option('--symbol <symbol>', "default: the file's name up to the first underscore")
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action((options: BacktestOptions) => printReport(options, io))
}

async function printReport(options: BacktestOptions, io: Io): Promise<void> {
  const asked = options.timeframe === undefined ? undefined : timeframeOf('--timeframe', options.timeframe)
  const symbol = options.symbol ?? symbolOfFile(options.candles)
  // What is wrong with the options is said before a large file is read.
  backtestInput(options, symbol, asked ?? 'M1')
  const runs = options.control === undefined ? 0 : controlRuns(options.control)
  const candles = await loadCandles(options.candles)
  const bars = timeframeOfBars(options.candles, candles)
  const only = findStrategy(options.strategy)?.timeframe
  const input = backtestInput(options, symbol, asked ?? only ?? (bars === 'M1' ? 'M5' : bars))
  const report = backtestOver(candles, { source: fileSource, symbol, timeframe: bars }, input, io)
  // Two timeframes are made of minutes, on the walks as in the file.
  const length = options.confirm === undefined ? report.bars : candles.length
  const control = runs > 0 && length > 0 ? controlOf(input, length, runs, io) : undefined
  const [strategy] = input.config.strategies
  const text =
    options.json || !strategy
      ? JSON.stringify(control ? { ...report, control } : report, null, 2)
      : reportText(report, strategy, seriesText(candles, bars), control)
  await io.print(`${text}\n`)
}

function backtestOver(candles: readonly Candle[], key: SeriesKey, input: BacktestInput, io: Io): BacktestReport {
  const report = createReport(input)
  const backtest = createBacktest(input, report)
  const progress = createProgress(io, 'back-testing')
  try {
    for (const [i, candle] of candles.entries()) {
      backtest.push(key, candle)
      if (i % 1_000 === 0) progress.update(i / candles.length)
    }
    backtest.finish()
  } finally {
    progress.stop()
  }
  return report.report()
}

/** Candles of a random walk. */
const longestWalk = 10_000
const controlSeed = 1

function controlOf(backtest: BacktestInput, length: number, runs: number, io: Io): ControlReport {
  const progress = createProgress(io, 'control')
  try {
    const candles = Math.min(length, longestWalk)
    return controlRun({ backtest, runs, candles, seed: controlSeed }, { onProgress: progress.update })
  } finally {
    progress.stop()
  }
}

function seriesText(candles: readonly Candle[], bars: Timeframe): string {
  const counter = createSeriesCounter(timeframeMs(bars))
  candles.forEach(counter.push)
  const { gaps, missingBars } = counter.facts()
  return `${candles.length} ${bars} candles, ${gaps} gaps with ${missingBars} candles missing`
}
