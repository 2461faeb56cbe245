import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { absolute, compared, type Figure } from './figure.js'
import { type Discipline, disciplines, type Score } from './indicators/contest.js'
import { median } from './samples.js'

const libraries = ['@ixjb94/indicators', 'trading-signals', 'technicalindicators'] as const
const rounds = 5
const program = fileURLToPath(new URL('indicators/main-contender.js', import.meta.url))

/** Ours against the libraries of npm: each indicator over a million candles, and how many of the five are far ahead. */
export async function indicatorSpeed(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const discipline of disciplines) figures.push(await contest(discipline))
  const ahead = figures.filter(({ ratio = 0 }) => ratio >= 1.5).length
  return [
    ...figures,
    absolute({
      name: 'indicators at 1.5 × the fastest library or more',
      unit: 'of 5',
      ours: ahead,
      bound: { atLeast: 4 },
      how: 'counted over the five figures before',
    }),
  ]
}

async function contest(discipline: Discipline): Promise<Figure> {
  const ours: number[] = []
  const theirs = libraries.map((library) => ({ library, samples: [] as number[] }))
  for (let round = 0; round < rounds; round++) {
    const { millionsPerSecond, mean } = await score('sath', discipline)
    ours.push(millionsPerSecond)
    for (const { library, samples } of theirs) {
      const rival = await score(library, discipline)
      // Seeds, running sums and rounding to two decimals differ, the values hardly do.
      if (!(Math.abs(rival.mean - mean) < 0.05)) throw new Error(`${library} computes another ${discipline} than ours`)
      samples.push(rival.millionsPerSecond)
    }
  }
  const [fastest] = theirs.sort((a, b) => median(b.samples) - median(a.samples))
  if (!fastest) throw new Error('there is no other library')
  const others = theirs.map(({ library, samples }) => `${library} ${median(samples).toFixed(1)}`).join(', ')
  return compared({
    name: `${discipline} (bare: ${fastest.library})`,
    unit: 'M candles/s',
    ours,
    bare: fastest.samples,
    bound: { atLeast: 1 },
    how: `1,000,000 candles, every value read; by processor time, which other programs do not take away; a process of its own for each of ${rounds} rounds, best run of each, median of the rounds; bare is the fastest of ${others} M candles/s`,
  })
}

async function score(library: string, discipline: Discipline): Promise<Score> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, library, discipline])
  return JSON.parse(stdout) as Score
}
