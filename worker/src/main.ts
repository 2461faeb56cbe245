import { setPriority } from 'node:os'
import { openDatabase, startPresence } from '@sath/db'
import { loggerOptions } from '@sath/telemetry'
import { pino } from 'pino'
import { type Config, loadConfig } from './config.js'
import { openPool } from './pool.js'
import { openWorker } from './worker.js'

/** Steps behind the programs that trade: on one machine a back-test takes only what they leave. Threads inherit it. */
const niceness = 10

const closers: (() => Promise<unknown>)[] = []
let ending = false

function tell(message: { readonly sath: string } & Record<string, unknown>): void {
  process.send?.(message, undefined, undefined, () => {})
}

/** Closes in reverse what was opened. */
async function end(exitCode: number): Promise<void> {
  if (ending) return
  ending = true
  for (const close of closers.reverse()) await close().catch(() => {})
  process.exit(exitCode)
}

async function run(config: Config): Promise<void> {
  setPriority(niceness)
  const log = pino(loggerOptions({ name: 'worker', level: config.LOG_LEVEL }))
  const database = openDatabase(config.DATABASE_URL, { name: 'sath-worker', max: 2 })
  closers.push(database.close)
  const presence = await startPresence(database.db, { name: 'worker', node: config.SATH_NODE })
  closers.push(presence.end)
  const pool = openPool({
    databaseUrl: config.DATABASE_URL,
    threads: config.WORKER_THREADS,
    memoryMiB: config.WORKER_MEMORY_MIB,
  })
  const worker = await openWorker({
    database,
    pool,
    log,
    owner: presence.instanceId,
    threads: config.WORKER_THREADS,
    timeLimitMs: config.WORKER_TIME_LIMIT * 1000,
  })
  closers.push(worker.close)
  const facts = { threads: config.WORKER_THREADS, memoryMiB: config.WORKER_MEMORY_MIB }
  await presence.ready(facts)
  log.info(facts, 'ready')
  tell({ sath: 'ready', facts })
}

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => end(0))
try {
  await run(loadConfig(process.env))
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  tell({ sath: 'fatal', message })
  process.stderr.write(`${message}\n`)
  await end(1)
}
