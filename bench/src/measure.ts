import { join } from 'node:path'
import { installationId, migrate, openDatabase } from '@sath/db'
import { freePort, type Teardown } from '@sath/testkit'
import { dockerHost } from '../../e2e/build/sath.js'
import { bareContainers } from './bare-containers.js'
import { bareFanOut } from './bare-fan-out.js'
import { bareImage } from './bare-image.js'
import { openBots } from './bots.js'
import { candleLatency, candlePace, watchDecisions } from './candle-latency.js'
import { botContainers, dockerAt } from './docker.js'
import type { Figure } from './figure.js'
import { footprint } from './footprint.js'
import { openInstallation } from './installation.js'
import { benchPostgres } from './postgres.js'
import { settledAvailableBytes } from './processes.js'
import { livePace, replayOf, writeRecording } from './recording.js'
import type { Sizes } from './sizes.js'
import { startLatency } from './start-latency.js'
import { statusThroughput } from './status-throughput.js'
import { configure, signUp } from './subscribers.js'
import { sweepTime } from './sweep-time.js'

/** All figures, in an order in which each finds what it needs: a quiet machine first, then a crowd of bots, then none. */
export async function measure(t: Teardown, directory: string, sizes: Sizes): Promise<Figure[]> {
  const docker = dockerAt(dockerHost)
  const server = await benchPostgres(t, directory)
  const databaseUrl = server.url()
  await migrate(databaseUrl)
  const database = openDatabase(databaseUrl, { max: 5, name: 'sath-bench' })
  t.teardown(() => database.close())
  const ours = botContainers(t, docker, await installationId(database.db))
  const recording = writeRecording(directory)
  say('Starting Sath')
  const installation = await openInstallation(t, {
    databaseUrl,
    home: join(directory, 'home'),
    port: await freePort(),
    feed: replayOf(recording, livePace),
  })
  await watchDecisions(database)
  const owners = await signUp(installation.url, database, Math.max(sizes.bots, sizes.atOnce))
  await configure(owners)
  const bots = await openBots(database, ours.count)

  say('Starting a first bot, which builds the image')
  const first = owners.slice(0, 1)
  await bots.start(first)
  const [modelId = ''] = await ours.ids()
  const model = await docker.getContainer(modelId).inspect()
  await bots.stop(first)
  const image = await bareImage(t, dockerHost, directory)
  const bare = bareContainers(t, docker, model)

  say('Measuring starts')
  const starts = await startLatency({ bots, bare, image: model.Image, subscribers: owners, directory, sizes })

  say(`Measuring ${sizes.bots} bots at rest, beside as many bare containers`)
  const crowd = owners.slice(0, sizes.bots)
  const empty = await settledAvailableBytes()
  await bots.start(crowd)
  const withBots = await settledAvailableBytes()
  const fanOut = await bareFanOut(t, directory)
  for (const _ of crowd) await bare.start({ image, socketDir: fanOut.socketDir })
  await fanOut.connected(crowd.length)
  const withBoth = await settledAvailableBytes()
  const resting = await footprint(docker, {
    ours: { ids: await ours.ids(), takenBytes: empty - withBots },
    bare: { ids: bare.ids, takenBytes: withBots - withBoth },
    idleSeconds: sizes.idleSeconds,
  })

  say('Measuring statuses')
  const subscribers = [...owners, ...(await signUp(installation.url, database, sizes.moreSubscribers))]
  const statuses = await statusThroughput(t, { url: installation.url, databaseUrl, subscribers, sizes })

  say('Measuring candles')
  await installation.restart(replayOf(recording, candlePace))
  const tenantIds = crowd.map(({ id }) => id)
  const candles = await candleLatency(database, { tenantIds, fanOut, sizes })
  await bare.removeAll()
  await bots.stop(crowd)
  await installation.stop()

  say('Measuring sweeps')
  const sweeps = await sweepTime(t, server, { directory, sizes })
  return [...starts, ...resting, ...candles, statuses, ...sweeps]
}

function say(line: string): void {
  console.error(`${line} …`)
}
