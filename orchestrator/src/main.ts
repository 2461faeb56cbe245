import { openBus } from '@sath/bus'
import { ensureWallClockDays, installationId, openDatabase, startPresence } from '@sath/db'
import { loggerOptions, type Program, runProgram } from '@sath/telemetry'
import { pino } from 'pino'
import { type Config, ConfigError, loadConfig } from './config.js'
import { EngineError } from './engines/container-engine.js'
import { pickEngine } from './engines/pick-engine.js'
import { onlyOne } from './only-one.js'
import { openOrchestrator } from './orchestrator.js'

const taken = 'Another orchestrator runs child processes for this database: only one may.'

async function run({ onEnd, tell, fatal }: Program, config: Config): Promise<void> {
  const log = pino(loggerOptions({ name: 'orchestrator', level: config.LOG_LEVEL }))
  const database = openDatabase(config.DATABASE_URL, { name: 'sath-orchestrator' })
  onEnd(database.close)
  const bus = openBus({ redisUrl: config.REDIS_URL, log })
  onEnd(() => bus.close())
  const node = config.SATH_NODE
  const presence = await startPresence(database.db, { name: 'orchestrator', node })
  onEnd(presence.end)
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
      onEnd(lock.close)
    },
  })
  onEnd(() => engine.close())
  const notice = (message: string) => {
    log.info(message)
    void tell({ sath: 'notice', message })
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
  onEnd(orchestrator.close)
  const facts = { engine: engine.kind, reason, images: [] }
  await presence.ready(facts)
  log.info(facts, 'ready')
  notice(`Bots run ${engine.kind === 'docker' ? 'in Docker containers' : 'as child processes'}: ${reason}`)
  await tell({ sath: 'ready', facts })
}

await runProgram((program) => run(program, loadConfig(process.env)), {
  isExplained: (error) => error instanceof EngineError || error instanceof ConfigError,
})
