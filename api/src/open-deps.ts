import { readFile } from 'node:fs/promises'
import { openBus, openRateLimiter } from '@sath/bus'
import { metricRows, openDatabase } from '@sath/db'
import {
  createInfluxMetrics,
  createPostgresMetrics,
  loggerOptions,
  type MetricRows,
  type Metrics,
} from '@sath/telemetry'
import { createSealer, parsePublicKeys } from '@sath/vault/seal'
import { pino } from 'pino'
import { openBilling } from './billing/billing.js'
import { billingSettings, type Config, ownHosts, publicUrlOf } from './config.js'
import { type Deps, defaultLimits } from './deps.js'

const minSecretLength = 32
/** Connections to Postgres: requests with an Idempotency-Key wait for each other while holding one. */
const maxConnections = 20

/** Opens everything the API is made of. @throws Error in words for whoever starts it */
export async function openDeps(config: Config): Promise<Deps & { close(): Promise<void> }> {
  const settings = billingSettings(config)
  const log = pino(loggerOptions({ name: 'api', level: config.LOG_LEVEL }))
  const jwtSecret = (await readFile(config.JWT_SECRET_FILE, 'utf8')).trim()
  if (jwtSecret.length < minSecretLength)
    throw new Error(`JWT_SECRET_FILE must hold ${minSecretLength} characters or more`)
  const sealer = createSealer(parsePublicKeys(await readFile(config.VAULT_PUBLIC_FILE, 'utf8')))
  const database = openDatabase(config.DATABASE_URL, { max: maxConnections, name: 'sath-api' })
  const bus = openBus({ redisUrl: config.REDIS_URL, log })
  const limiter = openRateLimiter({ redisUrl: config.REDIS_URL, log })
  const metrics = openMetrics(config, metricRows(database.db))
  return {
    database,
    bus,
    limiter,
    metrics: metrics.source,
    sealer,
    log,
    jwtSecret,
    accessTokenSeconds: 900,
    publicUrl: publicUrlOf(config),
    tenantsDir: config.SATH_TENANTS_DIR,
    dashboardDir: config.DASHBOARD_DIR,
    outboxHosts: config.DEV_OUTBOX && !config.SMTP_URL ? ownHosts(config) : undefined,
    trustProxy: config.TRUST_PROXY,
    liveAllowed: false,
    billing: settings && openBilling(settings),
    limits: {
      ...defaultLimits,
      user: config.RATE_LIMIT_USER,
      login: config.RATE_LIMIT_LOGIN,
      register: config.RATE_LIMIT_REGISTER,
    },
    async close() {
      await bus.close()
      await limiter.close()
      await metrics.sink.close()
      await database.close()
    },
  }
}

/** INFLUX_BUCKET may name several, with commas: one for each retention class. Reading asks all of them. */
function openMetrics(config: Config, rows: MetricRows): Metrics {
  const { INFLUX_URL: url, INFLUX_TOKEN: token, INFLUX_ORG: org, INFLUX_BUCKET } = config
  const buckets = INFLUX_BUCKET.split(',')
  return url
    ? createInfluxMetrics({ url, token, org, buckets, bucketOf: () => buckets[0] ?? '' })
    : createPostgresMetrics(rows)
}
