import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { botRuns, bots } from '@sath/db'
import { wildClock } from '@sath/testkit'
import { and, eq, isNull, sql } from 'drizzle-orm'
import t from 'tap'
import { limits } from './plan/situation.js'
import { type Rig, rig } from './testing/rig.js'
import { soon } from './testing/soon.js'
import { scratchDir } from './testing/test-bot.js'

const main = fileURLToPath(new URL('./main.js', import.meta.url))
/** Lives as long as its orchestrator, whatever it is asked. */
const stubbornBot = `process.on('SIGTERM', () => {}); process.stdin.resume().on('close', () => process.exit(0))`

/** The program itself, with a wall clock that jumps by an hour whenever it looks. */
function startJumping(t: Tap, r: Rig) {
  const bundle = join(scratchDir(t, 'stubborn'), 'bot.cjs')
  writeFileSync(bundle, stubbornBot)
  const env = {
    DATABASE_URL: r.url,
    SATH_NODE: 'node-1',
    SATH_ENGINE: 'process',
    SATH_SOCKET_ROOT: r.socketRoot,
    SATH_TENANTS_DIR: r.tenantsDir,
    BOT_BUNDLE: bundle,
    LOG_LEVEL: 'warn',
  }
  // The test runner loads itself into every Node below it by NODE_OPTIONS, and a bot may not read its files.
  const clean = ['-c', 'unset NODE_OPTIONS; exec "$0" "$@"', process.execPath, '--import', wildClock, main]
  const child = spawn('/bin/sh', clean, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}
type Tap = { teardown(run: () => unknown): void }

t.setTimeout(300_000)

t.test('a clock that jumps: no early kill, no late one, no takeover', async (t) => {
  const r = await rig(t)
  const presence = await r.presentGateway()
  await presence.ready()
  t.teardown(presence.end)
  const orchestrator = startJumping(t, r)

  const started = async (): Promise<string> => {
    const id = await r.tenant()
    await r.start(id)
    const run = await soon('a process', async () => {
      const run = await r.lastRun(id)
      return run?.phase === 'starting' && run
    })
    await r.firstHeartbeat(run.id)
    return id
  }
  const ring = async (id: string): Promise<void> => {
    await r.db.update(bots).set({ lookAt: sql`date_trunc('milliseconds', now())` }).where(eq(bots.tenantId, id))
    await r.sql.notify('sath_bots', id)
  }
  /** Each look falls on another hour of its clock. */
  const looked = async (id: string, times: number): Promise<void> => {
    for (let n = 0; n < times; n++) {
      await r.db.update(botRuns).set({ lastHeartbeatAt: sql`now()` }).where(isNull(botRuns.exitedAt))
      await ring(id)
      await soon('a look', async () => {
        const done = and(eq(bots.tenantId, id), isNull(bots.claimToken), sql`coalesce(look_at > now(), true)`)
        return (await r.db.select().from(bots).where(done)).length > 0
      })
    }
  }
  const [healthy, stopped] = await Promise.all([started(), started()])

  await looked(healthy, 6)
  t.match(await r.lastRun(healthy), { epoch: 1, phase: 'running', stopRequestedAt: null }, 'no heartbeat was missed')

  await r.stop(stopped)
  await soon('the grace', async () => (await r.lastRun(stopped))?.phase === 'stopping')
  const before = await r.lastRun(stopped)
  t.equal(Number(before?.stopDeadline) - Number(before?.stopRequestedAt), limits.stopGrace)
  await looked(stopped, 6)
  const { phase, killedAt, stopDeadline } = (await r.lastRun(stopped)) ?? {}
  t.same([phase, killedAt, stopDeadline], ['stopping', null, before?.stopDeadline], 'not killed before its deadline')
  await r.db.update(botRuns).set({ stopDeadline: sql`now()` }).where(eq(botRuns.tenantId, stopped))
  await looked(stopped, 1)
  const killed = await r.ended(stopped)
  t.match(killed, { exitCode: 137, exitCause: 'killed-by-us' }, 'and killed at it')
  t.ok(Number(killed.killedAt) >= Number(killed.stopDeadline))

  const claim = { claimOwner: 'another', claimToken: '5f0c7f3e-6f3b-4b51-9d0a-0a4d2f6f1c01' }
  const claimed = await r.tenant()
  await r.db
    .update(bots)
    .set({ ...claim, claimUntil: sql`now() + interval '5 minutes'` })
    .where(eq(bots.tenantId, claimed))
  await r.start(claimed)
  for (let n = 0; n < 10; n++) {
    await ring(claimed)
    // Its bell rings after the other one.
    await looked(healthy, 1)
  }
  t.match(await r.bot(claimed), claim, 'what another has claimed is left to it')
  t.same(await r.runs(claimed), [])
  await r.expireClaims()
  await ring(claimed)
  await soon('a run once the claim is over', async () => (await r.runs(claimed)).length === 1)
  t.match(await r.lastRun(healthy), { epoch: 1, phase: 'running' })

  const end = once(orchestrator, 'exit')
  orchestrator.kill('SIGTERM')
  t.same(await end, [0, null])
})
