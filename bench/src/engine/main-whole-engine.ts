/**
 * The whole engine over M1 candles, in a process of its own: prints an `EngineRun` as JSON. Argument: how many candles. Needs
 * --expose-gc.
 */
import { createBacktest } from '@sath/backtest'
import { timeframeMs } from '@sath/core'
import { benchSource, benchSymbol, eightStrategies } from './bench-config.js'
import { candleWalk } from './candle-walk.js'
import type { EngineRun } from './engine-run.js'

/** Candles made at a time, so that neither making nor keeping them counts. */
const batch = 1_000
/** Candles during which the compiler learns. */
const learning = 200_000

const count = Number(process.argv[2])
let decisions = 0
let trades = 0
const backtest = createBacktest(
  { config: eightStrategies(), defaultSource: benchSource, payout: '0.85', spread: '0' },
  {
    decided() {
      decisions++
    },
    closed() {
      trades++
    },
  },
)
const key = { source: benchSource, symbol: benchSymbol, timeframe: 'M1' } as const
const nextCandles = candleWalk(20_201_118, timeframeMs('M1'))
let cpuSeconds = 0
for (let made = 0; made < learning + count; made += batch) {
  const candles = nextCandles(batch)
  const before = process.cpuUsage()
  for (const candle of candles) backtest.push(key, candle)
  const { user, system } = process.cpuUsage(before)
  if (made >= learning) cpuSeconds += (user + system) / 1e6
}
globalThis.gc?.()
const heapBytes = process.memoryUsage().heapUsed
backtest.finish()
console.log(JSON.stringify({ candles: count, cpuSeconds, heapBytes, decisions, trades } satisfies EngineRun))
