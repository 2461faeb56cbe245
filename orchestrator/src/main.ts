import { openBus } from '@sath/bus'
import { ensureWallClockDays, installationId, openDatabase, startPresence } from '@sath/db'
import { loggerOptions } from '@sath/telemetry'
import { pino } from 'pino'
import { type Config, ConfigError, loadConfig } from './config.js'
import { EngineError } from './engines/container-engine.js'
import { pickEngine } from './engines/pick-engine.js'
import { onlyOne } from './only-one.js'
import { openOrchestrator } from './orchestrator.js'

const taken = 'Another orchestrator runs child processes for this database: only one may.'
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

/** A failure that is explained and not a bug: said once, and no stack. */
async function fatal(message: string): Promise<void> {
  tell({ sath: 'fatal', message })
  process.stderr.write(`${message}\n`)
  await end(1)
}

async function run(config: Config): Promise<void> {
  const log = pino(loggerOptions({ name: 'orchestrator', level: config.LOG_LEVEL }))
  const database = openDatabase(config.DATABASE_URL, { name: 'sath-orchestrator' })
  closers.push(database.close)
  const bus = openBus({ redisUrl: config.REDIS_URL, log })
  closers.push(() => bus.close())
  const node = config.SATH_NODE
  const presence = await startPresence(database.db, { name: 'orchestrator', node })
  closers.push(presence.end)
  await ensureWallClockDays(database.db, Date.now())

  const { engine, reason } = await pickEngine({
    wish: config.SATH_ENGINE,
    dockerHost: config.DOCKER_HOST,
    installationId: await installationId(database.db),
    bundleFile: config.BOT_BUNDLE,
    socketRoot: config.SATH_SOCKET_ROOT,
    async claimProcesses() {
      const lock = await onlyOne(database, () => fatal(taken))
      if (!lock) throw new EngineError('refused', taken)
      closers.push(lock.close)
    },
  })
  closers.push(() => engine.close())
  const notice = (message: string) => {
    log.info(message)
    tell({ sath: 'notice', message })
  }
  const orchestrator = await openOrchestrator({
    database,
    engine,
    bus,
    log,
    node,
    socketRoot: config.SATH_SOCKET_ROOT,
    tenantsDir: config.SATH_TENANTS_DIR,
    onNotice: notice,
    onImage: (id) => presence.facts({ images: [id] }),
  })
  closers.push(orchestrator.close)
  const facts = { engine: engine.kind, reason, images: [] }
  await presence.ready(facts)
  log.info(facts, 'ready')
  notice(`Bots run ${engine.kind === 'docker' ? 'in Docker containers' : 'as child processes'}: ${reason}`)
  tell({ sath: 'ready', facts })
}

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => end(0))
try {
  await run(loadConfig(process.env))
} catch (error) {
  if (error instanceof EngineError || error instanceof ConfigError) await fatal(error.message)
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  await end(1)
}
