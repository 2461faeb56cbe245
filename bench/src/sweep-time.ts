import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { memoryBus } from '@sath/bus'
import { type Database, installationId, migrate, openDatabase, seedPlans } from '@sath/db'
import type { EmbeddedPostgres } from '@sath/embedded-postgres'
import type { Teardown } from '@sath/testkit'
import { pino } from 'pino'
import { containerName } from '../../orchestrator/build/engines/container-engine.js'
import { memoryEngine } from '../../orchestrator/build/engines/memory-engine.js'
import { openOrchestrator } from '../../orchestrator/build/orchestrator.js'
import { absolute, type Figure } from './figure.js'
import { median } from './samples.js'
import type { Sizes } from './sizes.js'

const node = 'bench'
/** Longer than the bench: the orchestrator's own sweeps stay out of the way. */
const neverMs = 1_000_000_000

/** A whole sweep of the real orchestrator over real rows; only the containers are those of the memory engine. */
export async function sweepTime(
  t: Teardown,
  server: EmbeddedPostgres,
  { directory, sizes }: { readonly directory: string; readonly sizes: Sizes },
): Promise<Figure[]> {
  const { runningBots: running, stoppedBots: stopped, sweepRounds } = sizes
  const counts = [0, stopped, 2 * stopped]
  const settings = []
  for (const count of counts) settings.push(await openSetting(t, server, directory, { running, stopped: count }))
  const times: number[][] = counts.map(() => [])
  for (let round = 0; round <= sweepRounds; round++) {
    for (const [n, sweep] of settings.entries()) {
      const began = performance.now()
      await sweep()
      // The first one follows a thousand logs and plans its queries.
      if (round > 0) times[n]?.push(performance.now() - began)
    }
  }
  const [none = [], some = [], twice = []] = times
  const samples = { none, some, twice }
  const how = `openOrchestrator().sweep() and all passes it asks for, on Postgres with the rows of so many bots and with the memory engine; median of ${sweepRounds} rounds over three databases in turn, with 0, ${stopped} and ${2 * stopped} stopped bots: ${[none, some, twice].map((list) => `${median(list).toFixed(1)} ms`).join(', ')}`
  const name = `sweep, ${running} running and`
  return [
    {
      name: `${name} ${stopped} stopped`,
      unit: 'ms',
      ours: median(some),
      how,
      samples,
    },
    absolute({
      name: `${name} ${2 * stopped} over 0 stopped`,
      unit: '×',
      ours: median(twice) / median(none),
      bound: { atMost: 1.25 },
      how,
      samples,
    }),
  ]
}

async function openSetting(
  t: Teardown,
  server: EmbeddedPostgres,
  directory: string,
  bots: { readonly running: number; readonly stopped: number },
): Promise<() => Promise<void>> {
  const name = `sweep_${bots.stopped}`
  const admin = openDatabase(server.url(), { max: 1 })
  await admin.sql`create database ${admin.sql(name)}`
  await admin.close()
  await migrate(server.url(name))
  const database = openDatabase(server.url(name), { max: 10 })
  t.teardown(() => database.close())
  await seedPlans(database.db)
  const ours = await installationId(database.db)
  const engine = memoryEngine(ours)
  for (const { tenantId, runId } of await insertBots(database, bots)) {
    engine.appear({ name: containerName(ours, tenantId), tenantId, runId, epoch: 1, state: 'running' })
  }
  const tenantsDir = join(directory, name)
  mkdirSync(tenantsDir)
  const orchestrator = await openOrchestrator({
    database,
    engine,
    bus: memoryBus(),
    log: pino({ level: 'error' }),
    node,
    socketRoot: join(tenantsDir, 'sockets'),
    tenantsDir,
    onNotice: () => {},
    sweepMs: neverMs,
  })
  t.teardown(() => orchestrator.close())
  return async () => {
    await orchestrator.sweep()
    await orchestrator.idle()
  }
}

/** Bots as they are when nothing is to be done: stopped ones, and ones that run with a heartbeat just now. */
async function insertBots(
  { sql }: Database,
  { running, stopped }: { readonly running: number; readonly stopped: number },
): Promise<readonly { tenantId: string; runId: string }[]> {
  await sql`
    insert into users (email, password_hash, email_verified_at)
    select 'bot-' || n || '@example.com', 'none', now() from generate_series(1, ${running + stopped}) n`
  await sql`
    insert into bots (tenant_id, desired_state, generation, observed_generation, epoch)
    select id, case when n <= ${running} then 'running' else 'stopped' end, 1, 1, 1
    from (select id, row_number() over () as n from users) numbered`
  const rows = await sql<{ tenantId: string; runId: string }[]>`
    insert into bot_runs (tenant_id, epoch, generation, phase, node, engine, image_id, memory_mib, cpu, container_created_at,
      started_at, running_at, last_heartbeat_at, progress_at)
    select tenant_id, 1, 1, 'running', ${node}, 'memory', 'memory-image', 128, 0.25, now(), now(), now(), now(), now()
    from bots where desired_state = 'running'
    returning tenant_id as "tenantId", id as "runId"`
  await sql`analyze`
  return rows
}
