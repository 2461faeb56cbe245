import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BareContainers } from './bare-containers.js'
import type { Bots } from './bots.js'
import { compared, type Figure } from './figure.js'
import type { Sizes } from './sizes.js'
import type { Subscriber } from './subscribers.js'

export interface StartDeps {
  readonly bots: Bots
  readonly bare: BareContainers
  /** The image of Sath's own bots. */
  readonly image: string
  readonly subscribers: readonly Subscriber[]
  /** For the directories that bare containers mount. */
  readonly directory: string
  readonly sizes: Sizes
}

/** How long a start takes, one bot at a time and many at once; rounds of ours and of bare ones in turn. */
export async function startLatency({ bots, bare, image, subscribers, directory, sizes }: StartDeps): Promise<Figure[]> {
  const [first] = subscribers
  if (!first) throw new Error('nobody to start a bot for')
  // No gateway listens in there: the bot says so, and that is its first line.
  const socketDir = join(directory, 'nobody')
  mkdirSync(socketDir, { recursive: true })
  const startBare = () => bare.start({ image, socketDir })

  const one = { ours: [] as number[], bare: [] as number[] }
  for (let round = 0; round < sizes.startRounds; round++) {
    one.ours.push(...(await bots.start([first])))
    await bots.stop([first])
    one.bare.push(await startBare())
    await bare.removeAll()
  }

  const crowd = subscribers.slice(0, sizes.atOnce)
  const many = { ours: [] as number[], bare: [] as number[] }
  for (let round = 0; round < sizes.atOnceRounds; round++) {
    many.ours.push(await timed(() => bots.start(crowd)))
    await bots.stop(crowd)
    many.bare.push(await timed(() => Promise.all(crowd.map(startBare))))
    await bare.removeAll()
  }

  return [
    compared({
      name: 'start, one bot',
      unit: 'ms',
      ...one,
      bound: { atMost: 1.6 },
      how: `ours: from just before POST /bot/start until a row in bot_runs with its first heartbeat is read, woken by NOTIFY; bare: dockerode create + start until the first output of the same image with the same HostConfig; median of ${sizes.startRounds} rounds of both in turn`,
    }),
    compared({
      name: `start, ${crowd.length} bots at once`,
      unit: 'ms',
      ...many,
      bound: { atMost: 1.4 },
      how: `as above, all requested at the same moment, until the last of them; median of ${sizes.atOnceRounds} rounds of both in turn`,
    }),
  ]
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
