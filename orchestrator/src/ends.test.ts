import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { botRuns, bots, credentials, runEvents, trades, users } from '@sath/db'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { quick, type Rig, rig } from './testing/rig.js'
import { soon } from './testing/soon.js'

async function started(r: Rig): Promise<{ id: string; containerId: string }> {
  const id = await r.tenant()
  await r.start(id)
  await r.running(id)
  await r.rest(id)
  return { id, containerId: r.containers(id)[0]?.id ?? '' }
}

t.test('each end has its cause, and is followed by a new epoch', async (t) => {
  const r = await rig(t)
  await r.open()
  for (const [facts, cause] of [
    [{ exitCode: 0 }, 'clean'],
    [{ exitCode: 1 }, 'crash'],
    [{ exitCode: 134 }, 'heap-exhausted'],
    [{ exitCode: 137, oomKilled: true }, 'out-of-memory'],
    [{ exitCode: 137 }, 'killed-by-other'],
  ] as const) {
    const { id, containerId } = await started(r)
    r.engine.exit(containerId, facts)
    t.match(await r.ended(id, 1), {
      exitCause: cause,
      exitCode: facts.exitCode,
      stopRequestedAt: null,
      oomKilled: 'oomKilled' in facts,
    })
    const next = await soon('the next run', async () => {
      const run = await r.lastRun(id)
      return run?.epoch === 2 && run.phase === 'running' && run
    })
    t.equal(next.restarts, 1)
    t.equal((await r.bot(id)).hold, null)
  }
})

t.test('a stop that comes after the bot has died has its run, its time and its receipt', async (t) => {
  const r = await rig(t)
  const first = await r.open()
  const { id, containerId } = await started(r)
  await first.close()
  r.engine.exit(containerId, { exitCode: 1 })
  await r.stop(id)
  await r.open()
  const run = await r.ended(id, 1)
  t.match(run, { exitCause: 'crash', exitCode: 1, stopMode: 'graceful', stoppedBy: 'user' })
  t.ok(run.stopRequestedAt)
  await r.rest(id)
  t.equal((await r.runs(id)).length, 1, 'and nothing is tried again')
})

t.test('an end with the engine is no crash', async (t) => {
  const r = await rig(t)
  await r.open()
  const { id, containerId } = await started(r)
  r.engine.away = () => true
  for (let epoch = 1; epoch <= 6; epoch++) {
    r.engine.exit(epoch === 1 ? containerId : (r.containers(id)[0]?.id ?? ''), { exitCode: 143 })
    t.match(await r.ended(id, epoch), { exitCause: 'engine-stopped' })
    await soon('the next run', async () => (await r.lastRun(id))?.epoch === epoch + 1 && (await r.running(id)))
  }
  t.equal((await r.bot(id)).hold, null, 'six of them are no crash loop')
})

t.test('a crash loop is held, over restarts of ours, until the user starts it again', async (t) => {
  const limits = { ...quick, backOffFirst: 20 }
  let crash = true
  const r = await rig(t, {
    onStart: (container) => {
      if (crash) queueMicrotask(() => r.engine.exit(container.id, { exitCode: 1 }))
    },
  })
  r.gateway.answers = false
  const first = await r.open({ limits })
  const id = await r.tenant()
  await r.start(id)
  await r.ended(id, 2)
  await first.close()
  await r.open({ limits })
  await soon('the hold', async () => (await r.bot(id)).hold === 'crash-loop')
  t.match(await r.bot(id), { holdReason: /5 crashes in 30 minutes/, desiredState: 'running' })
  const runs = (await r.runs(id)).reverse()
  t.equal(runs.length, 5)
  const waits = runs.slice(1).map((run, n) => run.createdAt.getTime() - (runs[n]?.exitedAt?.getTime() ?? 0))
  for (const [n, wait] of waits.entries()) t.ok(wait >= 20 * 2 ** n, `wait ${n}: ${wait} ms`)
  crash = false
  r.gateway.answers = true
  await r.start(id)
  await r.running(id)
  t.match(await r.rest(id), { hold: null, conditions: [] })
})

t.test('a refused configuration is held at once', async (t) => {
  const r = await rig(t, {
    onStart: (container) => queueMicrotask(() => r.engine.exit(container.id, { exitCode: 64 })),
  })
  await r.open()
  const id = await r.tenant()
  await r.start(id)
  await soon('the hold', async () => (await r.bot(id)).hold === 'crash-loop')
  t.match(await r.bot(id), { holdReason: /bad-config/ })
  t.equal((await r.runs(id)).length, 1)
})

t.test('a bot that has gone silent is restarted with its grace, once the gateway has been there', async (t) => {
  const r = await rig(t)
  const limits = { ...quick, gatewaySettle: 300, heartbeatLost: 200 }
  const orchestrator = await r.open({ limits })
  const id = await r.tenant()
  await r.start(id)
  await r.running(id)
  const silent = () =>
    r.db.update(botRuns).set({ lastHeartbeatAt: sql`now() - interval '1 minute'` }).where(eq(botRuns.tenantId, id))
  await silent()
  for (let n = 0; n < 8; n++) await orchestrator.sweep()
  t.match(await r.lastRun(id), { phase: 'running' }, 'without a gateway silence says nothing')
  const presence = await r.presentGateway()
  const before = performance.now()
  await presence.ready()
  const run = await r.ended(id, 1)
  t.ok(performance.now() - before >= 300, 'nor while it is new')
  t.match(run, { stopMode: 'graceful', stoppedBy: 'system', stopReason: 'unhealthy', exitCause: 'clean' })
  await presence.end()
  await soon('the next run', async () => (await r.runs(id)).some(({ epoch }) => epoch === 2))
})

t.test('a bot that never speaks is tried again', async (t) => {
  const r = await rig(t)
  r.gateway.answers = false
  const presence = await r.presentGateway()
  await presence.ready()
  t.teardown(presence.end)
  await r.open({ limits: { ...quick, gatewaySettle: 100, startTimeout: 300 } })
  const id = await r.tenant()
  await r.start(id)
  t.match(await r.ended(id, 1), { stopReason: 'unhealthy', runningAt: null })
})

t.test('a stop that the clock of the orchestrator does not decide', async (t) => {
  const r = await rig(t, { onTerm: () => undefined })
  await r.open({ now: () => Date.now() + 3_600_000, limits: { ...quick, stopGrace: 500 } })
  const { id } = await started(r)
  await r.stop(id)
  const run = await r.ended(id)
  t.ok(
    (run.killedAt?.getTime() ?? 0) >= (run.stopDeadline?.getTime() ?? Number.POSITIVE_INFINITY),
    'killed by database time',
  )
})

t.test('a tenant who leaves: proof, keys, files, rows; whoever dies in between', async (t) => {
  const r = await rig(t)
  const first = await r.open()
  const { id } = await started(r)
  const other = await started(r)
  await r.db
    .insert(credentials)
    .values({ tenantId: id, kind: 'exchange', provider: 'b', hint: 'abcd', keyId: 'k', sealed: new Uint8Array([1, 2]) })
  const logs = join(r.tenantsDir, id, 'logs')
  mkdirSync(logs, { recursive: true })
  first.dieAt('remove', 'before')
  await r.db.update(users).set({ deletingAt: sql`now()` }).where(eq(users.id, id))
  await r.stop(id)
  await first.dead
  await r.expireClaims()
  t.match(await r.ended(id), { exitCause: 'clean', stoppedBy: 'user' })
  await r.open()
  await soon('the removal', () => r.containers(id).length === 0)
  t.equal((await r.db.select().from(users).where(eq(users.id, id))).length, 1, 'not before the gateway has settled')
  await r.db.insert(trades).values({
    tenantId: id,
    symbol: 'BTCUSDT',
    source: 'replay',
    account: 'paper',
    instrument: 'binary',
    direction: 'call',
    stake: '1',
    currency: 'USD',
    payout: '0.8',
    signalTime: new Date(0),
    marketDay: '1970-01-01',
    status: 'open',
  })
  await r.settle(id)
  await r.condition(id, 'erasing')
  t.equal((await r.db.select().from(credentials)).length, 1, 'nor while an option is open')
  await r.db.update(trades).set({ status: 'cancelled' }).where(eq(trades.tenantId, id))
  await r.db.update(bots).set({ lookAt: sql`date_trunc('milliseconds', now())` }).where(eq(bots.tenantId, id))
  await soon('the erasure', async () => (await r.db.select().from(users).where(eq(users.id, id))).length === 0)
  for (const table of [credentials, botRuns, bots, runEvents, trades] as const)
    t.equal((await r.db.select().from(table).where(eq(table.tenantId, id))).length, 0)
  t.notOk(existsSync(join(r.tenantsDir, id)))
  t.notOk(readdirSync(r.socketRoot).includes(id))
  t.match(await r.lastRun(other.id), { phase: 'running' }, 'others are not touched')
})
