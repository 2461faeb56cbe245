/**
 * An EMA cross over M5 bars, by us or by grademark, in a process of its own: prints an `EngineRun` as JSON. Arguments: who,
 * and how many bars. Both read bars that are there, trade each crossing for one bar, and report on what came of it.
 */
import { createBacktest, createReport } from '@sath/backtest'
import { type Candle, timeframeMs } from '@sath/core'
import { ema, nextEma } from '@sath/indicators'
import { DataFrame } from 'data-forge'
import { analyze, backtest, type IBar, type IPosition, type IStrategy } from 'grademark'
import { benchSource, benchSymbol, emaCross } from './bench-config.js'
import { candleWalk } from './candle-walk.js'
import type { EngineRun } from './engine-run.js'

/** grademark keeps its enum of these to itself. */
const long = 'long' as IPosition['direction']
const short = 'short' as IPosition['direction']

const [, , who = '', count = ''] = process.argv
const contenders: Readonly<Record<string, (bars: readonly Candle[]) => { trades: number; decisions: number }>> = {
  sath,
  grademark,
}
const run = contenders[who]
if (!run) throw new Error(`There is no ${who}`)

const nextCandles = candleWalk(20_201_118, timeframeMs('M5'))
run(nextCandles(20_000))
const bars = nextCandles(Number(count))
const before = process.cpuUsage()
const { trades, decisions } = run(bars)
const { user, system } = process.cpuUsage(before)
const cpuSeconds = (user + system) / 1e6
const heapBytes = process.memoryUsage().heapUsed
console.log(JSON.stringify({ candles: bars.length, cpuSeconds, heapBytes, decisions, trades } satisfies EngineRun))

function sath(bars: readonly Candle[]) {
  const input = { config: emaCross(), defaultSource: benchSource, payout: '0.85', spread: '0' }
  const observer = createReport(input)
  const run = createBacktest(input, observer)
  const key = { source: benchSource, symbol: benchSymbol, timeframe: 'M5' } as const
  for (const bar of bars) run.push(key, bar)
  run.finish()
  const { trades, decisions } = observer.report()
  return { trades, decisions: Object.values(decisions).reduce((sum, each) => sum + each, 0) }
}

interface Bar extends IBar {
  readonly gap: number
}

/** As its README has it: a frame of bars, an indicator as a series of the frame, rules over the bar. */
function grademark(candles: readonly Candle[]) {
  const bars = new DataFrame<number, IBar>(candles.map(({ time, ...prices }) => ({ time: new Date(time), ...prices })))
  const [fast, slow] = [ema(9), ema(21)]
  const gaps = bars
    .deflate(({ close }) => close)
    .select((close) => {
      const above = nextEma(fast, close)
      const below = nextEma(slow, close)
      return above === undefined || below === undefined ? 0 : above - below
    })
    .bake()
  let before = 0
  const strategy: IStrategy<Bar> = {
    entryRule(enterPosition, { bar: { gap } }) {
      if (before <= 0 && gap > 0) enterPosition({ direction: long })
      else if (before >= 0 && gap < 0) enterPosition({ direction: short })
      before = gap
    },
    exitRule(exitPosition, { bar: { gap } }) {
      exitPosition()
      before = gap
    },
  }
  const trades = backtest(strategy, bars.withSeries<Bar>('gap', gaps))
  return { trades: analyze(1_000_000_000, trades).totalTrades, decisions: candles.length }
}
