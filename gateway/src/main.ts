import { mkdir } from 'node:fs/promises'
import { openBus } from '@sath/bus'
import { type Db, ensureWallClockDays, metricRows, openDatabase, startPresence } from '@sath/db'
import { type FeedStatus, openFeed } from '@sath/feeds'
import {
  createInfluxMetrics,
  createPostgresMetrics,
  loggerOptions,
  type Metrics,
  type Program,
  runProgram,
} from '@sath/telemetry'
import { createOpener, readKeyRing } from '@sath/vault/open'
import { pino } from 'pino'
import { type Config, loadConfig } from './config.js'
import { openGateway } from './gateway.js'
import { runKeyTests } from './jobs/key-tests.js'
import { createResealing } from './jobs/reseal-stored.js'
import { createRetentionBuckets } from './retention-buckets.js'

async function run({ onEnd, tell, end }: Program, config: Config): Promise<void> {
  const log = pino(loggerOptions({ name: 'gateway', level: config.LOG_LEVEL }))
  const node = config.SATH_NODE
  const keyFile = config.VAULT_PRIVATE_FILE
  const readRing = () => readKeyRing(keyFile)
  const opener = createOpener(await readRing(), { reload: readRing })
  await mkdir(config.SATH_SOCKET_ROOT, { recursive: true, mode: 0o700 })
  const { feed, reason } = await openFeed(config.SATH_FEED)
  const database = openDatabase(config.DATABASE_URL, { name: 'sath-gateway', max: 20 })
  onEnd(database.close)
  const { db } = database
  const bus = openBus({ redisUrl: config.REDIS_URL, log })
  onEnd(() => bus.close())
  const buckets = createRetentionBuckets(db, config.INFLUX_BUCKET.split(','))
  const metrics = metricsOf(config, db, buckets.bucketOf)
  onEnd(() => metrics.sink.close())
  await ensureWallClockDays(db, Date.now())
  const presence = await startPresence(db, { name: 'gateway', node })
  onEnd(presence.end)

  const symbols = (await feed.symbols().catch(() => [])).slice(0, 2_000)
  const factsOf = ({ connected, reason }: FeedStatus) => ({
    feed: { source: feed.source, synthetic: feed.synthetic, clock: feed.clock, connected, reason, symbols },
    metrics: config.INFLUX_URL ? 'influx' : 'postgres',
  })
  const gateway = await openGateway({
    database,
    bus,
    metrics: metrics.sink,
    feed,
    node,
    socketRoot: config.SATH_SOCKET_ROOT,
    log,
    keyTests: () => runKeyTests({ db, log, opener, owner: presence.instanceId }),
    refreshBuckets: buckets.refresh,
    reseal: createResealing({ db, log, readRing }),
    onBroken: () => end(1),
    onFeedStatus: (status) => presence.facts(factsOf(status)),
  })
  onEnd(gateway.close)
  const facts = factsOf({ connected: true, reason })
  await presence.ready(facts)
  log.info({ source: feed.source, reason }, 'ready')
  const candles = feed.synthetic ? `Candles are made up, not a market's: ${reason}` : `Candles: ${reason}`
  await tell({ sath: 'notice', message: candles })
  await tell({ sath: 'ready', facts })
}

function metricsOf(config: Config, db: Db, bucketOf: (tenantId: string) => string): Metrics {
  const { INFLUX_URL: url, INFLUX_TOKEN: token, INFLUX_ORG: org, INFLUX_BUCKET } = config
  if (!url) return createPostgresMetrics(metricRows(db))
  return createInfluxMetrics({ url, token, org, buckets: INFLUX_BUCKET.split(','), bucketOf })
}

await runProgram((program) => run(program, loadConfig(process.env)))
