import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { EngineRun } from './engine/engine-run.js'
import { absolute, compared, type Figure } from './figure.js'
import { median } from './samples.js'

const rounds = 5
/** Collector and compiler on the thread of the program, so that the processor time of the process is that of one core. */
const flags = ['--expose-gc', '--single-threaded']
const million = 1_000_000

/** How fast the engine is, whether its memory stays, and how it compares with grademark. */
export async function engineSpeed(): Promise<Figure[]> {
  const runs = await repeated(() => program('main-whole-engine', `${million}`))
  const longer = await repeated(() => program('main-whole-engine', `${4 * million}`))
  const ours = await repeated(() => program('main-ema-cross', 'sath', `${million}`))
  const theirs = await repeated(() => program('main-ema-cross', 'grademark', `${million}`))
  const [run, emaCross, grademark] = [runs, ours, theirs].map(([first]) => first)
  return [
    absolute({
      name: 'the whole engine, eight strategies',
      unit: 'M1 candles/s',
      ours: median(runs.map(perSecond)),
      bound: { atLeast: million },
      how: `${million} M1 candles of a seeded walk on one symbol: M5 bars, eight strategies, risk, two ladders each, paper fills, ${run?.decisions} decisions and ${run?.trades} trades with those of 200,000 candles before; seconds are processor time of a process that has one thread; a process for each of ${rounds} rounds`,
      samples: { ours: runs.map(perSecond) },
    }),
    compared({
      name: 'memory of the engine, 4 × the candles (bare: 1 ×)',
      unit: 'MiB',
      ours: longer.map(mebibytes),
      bare: runs.map(mebibytes),
      bound: { atMost: 1.1 },
      how: 'live heap of the process after a collection, at the end of the run above and of one four times as long',
    }),
    compared({
      name: 'EMA cross with its report (bare: grademark)',
      unit: 'M5 bars/s',
      ours: ours.map(perSecond),
      bare: theirs.map(perSecond),
      bound: { atLeast: 3 },
      how: `${million} bars of a seeded walk in memory; each crossing of EMA 9 and 21 is traded for one bar, ${emaCross?.trades} and ${grademark?.trades} times; grademark as its README has it: a data-forge frame with the averages (of our own fold) as a series, backtest, analyze; processor time of one thread; a process for each of ${rounds} rounds`,
    }),
  ]
}

async function repeated(run: () => Promise<EngineRun>): Promise<EngineRun[]> {
  const runs: EngineRun[] = []
  while (runs.length < rounds) runs.push(await run())
  return runs
}

async function program(name: string, ...args: readonly string[]): Promise<EngineRun> {
  const path = fileURLToPath(new URL(`engine/${name}.js`, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, path, ...args])
  return JSON.parse(stdout) as EngineRun
}

function perSecond({ candles, cpuSeconds }: EngineRun): number {
  return candles / cpuSeconds
}

function mebibytes({ heapBytes }: EngineRun): number {
  return heapBytes / 2 ** 20
}
