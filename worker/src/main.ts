import { setPriority } from 'node:os'
import { openDatabase, startPresence } from '@sath/db'
import { loggerOptions, type Program, runProgram } from '@sath/telemetry'
import { pino } from 'pino'
import { type Config, loadConfig } from './config.js'
import { openPool } from './pool.js'
import { openWorker } from './worker.js'

/** Steps behind the programs that trade: on one machine a back-test takes only what they leave. Threads inherit it. */
const niceness = 10

async function run({ onEnd, tell }: Program, config: Config): Promise<void> {
  setPriority(niceness)
  const log = pino(loggerOptions({ name: 'worker', level: config.LOG_LEVEL }))
  const database = openDatabase(config.DATABASE_URL, { name: 'sath-worker', max: 2 })
  onEnd(database.close)
  const presence = await startPresence(database.db, { name: 'worker', node: config.SATH_NODE })
  onEnd(presence.end)
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
  onEnd(worker.close)
  const facts = { threads: config.WORKER_THREADS, memoryMiB: config.WORKER_MEMORY_MIB }
  await presence.ready(facts)
  log.info(facts, 'ready')
  await tell({ sath: 'ready', facts })
}

await runProgram((program) => run(program, loadConfig(process.env)))
