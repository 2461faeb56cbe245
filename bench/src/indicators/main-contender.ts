/** One contender's speed at one discipline, in a process of its own: prints a `Score` as JSON. Arguments: both names. */
import { type Contender, type Discipline, pricesOf } from './contest.js'

const contenders: Readonly<Record<string, () => Promise<Contender>>> = {
  sath: async () => (await import('./sath.js')).sath,
  '@ixjb94/indicators': async () => (await import('./ixjb94.js')).ixjb94,
  'trading-signals': async () => (await import('./trading-signals.js')).tradingSignals,
  technicalindicators: async () => (await import('./technicalindicators.js')).technicalindicators,
}

const candles = 1_000_000
const [, , library = '', discipline = ''] = process.argv
const contender = await contenders[library]?.()
const run = contender?.[discipline as Discipline]
if (!run) throw new Error(`There is no ${library} at ${discipline}`)

const prices = pricesOf(candles)
// The compiler learns during the first run; slow contenders are spared repetitions.
let sum = run(prices)
const seconds: number[] = []
const until = performance.now() + 700
while (seconds.length === 0 || (seconds.length < 15 && performance.now() < until)) {
  const begin = process.cpuUsage()
  sum = run(prices)
  const { user, system } = process.cpuUsage(begin)
  seconds.push((user + system) / 1e6)
}
console.log(JSON.stringify({ millionsPerSecond: candles / 1e6 / Math.min(...seconds), mean: sum / candles }))
