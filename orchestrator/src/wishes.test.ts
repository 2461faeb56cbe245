import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { botRuns, bots } from '@sath/db'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { impatient, rig } from './testing/rig.js'
import { soon } from './testing/soon.js'

t.test('fifty start clicks are one run', async (t) => {
  const r = await rig(t)
  await r.open()
  const id = await r.tenant()
  await Promise.all(Array.from({ length: 50 }, () => r.start(id)))
  const run = await r.running(id)
  const bot = await r.rest(id)
  t.match(bot, { generation: 1, observedGeneration: 1, epoch: 1, conditions: [] })
  t.equal((await r.runs(id)).length, 1)
  t.equal(r.containers(id).length, 1)
  t.match(run, { engine: 'memory', node: 'node-1', memoryMiB: 128, cpu: 0.25, imageId: 'memory-image' })
  t.ok(existsSync(join(r.socketRoot, run.id)), 'its socket directory is there')
})

t.test('start and stop race: the last one wins', async (t) => {
  const r = await rig(t)
  await r.open()
  for (let round = 0; round < 6; round++) {
    const id = await r.tenant()
    await Promise.all([r.start(id), r.stop(id), r.start(id), r.stop(id), r.start(id)])
    const { desiredState } = await r.rest(id)
    t.equal(r.containers(id).filter((one) => one.state === 'running').length, desiredState === 'running' ? 1 : 0)
    await r.stop(id)
    await r.rest(id)
    t.same(r.containers(id), [], 'and nothing is left after a stop')
  }
})

t.test('stop while the image is made: nothing is created', async (t) => {
  const r = await rig(t)
  const orchestrator = await r.open()
  const image = orchestrator.freezeAt('ensureImage', 'before')
  const id = await r.tenant()
  await r.start(id)
  await image.frozen
  t.match(await r.condition(id, 'image'), { reason: 'building' })
  await r.stop(id)
  await r.rest(id)
  image.release()
  await orchestrator.idle()
  t.same(await r.runs(id), [])
  t.same(r.engine.all, [])
})

t.test('stop while created: it never runs', async (t) => {
  const r = await rig(t)
  const orchestrator = await r.open()
  const created = orchestrator.freezeAt('create', 'after')
  const id = await r.tenant()
  await r.start(id)
  await created.frozen
  await r.stop(id)
  created.release()
  await r.rest(id)
  t.match(await r.lastRun(id), { phase: 'aborted', startedAt: null })
  t.same(r.engine.all, [])
  t.notOk(r.engine.calls.some((call) => call.verb === 'start'))
})

t.test('force stop while starting: ended by the admin, and never resurrected', async (t) => {
  const r = await rig(t)
  r.gateway.answers = false
  const orchestrator = await r.open()
  const id = await r.tenant()
  await r.start(id)
  await soon('a start', () => r.engine.all.some((one) => one.state === 'running'))
  await r.force(id, true)
  const run = await r.ended(id)
  t.match(run, {
    phase: 'exited',
    stopMode: 'force',
    stoppedBy: 'admin',
    stopReason: 'abuse',
    exitCode: 137,
    exitCause: 'killed-by-us',
  })
  await t.rejects(r.start(id), { code: 'held' }, 'the tenant’s own start is refused')
  for (let n = 0; n < 5; n++) await orchestrator.sweep()
  await orchestrator.idle()
  t.same(r.engine.all, [])
  t.equal((await r.bot(id)).epoch, 2, 'its epoch was revoked')
})

t.test('a bot that needs its grace has it, and is stopped with exit code 0', async (t) => {
  const r = await rig(t, {
    onTerm: (container) => void setTimeout(() => r.engine.exit(container.id, { exitCode: 0 }), 250),
  })
  await r.open()
  const id = await r.tenant()
  await r.start(id)
  await r.running(id)
  await r.stop(id)
  const run = await r.ended(id)
  t.match(run, { stopMode: 'graceful', stoppedBy: 'user', exitCode: 0, exitCause: 'clean', killedAt: null })
  t.ok((run.exitedAt?.getTime() ?? 0) - (run.stopRequestedAt?.getTime() ?? 0) >= 240, 'after its own time')
  await r.rest(id)
  t.same(r.engine.all, [])
  t.notOk(existsSync(join(r.socketRoot, run.id)), 'its socket directory is gone')
})

t.test('a bot that ignores SIGTERM is killed at the deadline', async (t) => {
  const r = await rig(t, { onTerm: () => undefined })
  await r.open({ limits: impatient })
  const id = await r.tenant()
  await r.start(id)
  await r.running(id)
  await r.stop(id)
  const run = await r.ended(id)
  t.match(run, { stopMode: 'graceful', stoppedBy: 'user', exitCode: 137, exitCause: 'killed-by-us', oomKilled: false })
  const deadline = run.stopDeadline?.getTime() ?? 0
  t.equal(deadline - (run.stopRequestedAt?.getTime() ?? 0), impatient.stopGrace)
  t.ok((run.killedAt?.getTime() ?? 0) >= deadline, 'not before it')
})

t.test('an orchestrator that restarts in the grace leaves the deadline as it is', async (t) => {
  const r = await rig(t, { onTerm: () => undefined })
  const first = await r.open()
  const id = await r.tenant()
  await r.start(id)
  await r.running(id)
  first.dieAt('signal', 'after')
  await r.stop(id)
  await first.dead
  const before = await r.lastRun(id)
  await r.expireClaims()
  await r.open()
  const signals = () => r.engine.calls.filter((call) => call.verb === 'signal').length
  await soon('SIGTERM by both', () => signals() === 2)
  t.same((await r.lastRun(id))?.stopDeadline, before?.stopDeadline)
  await r.db.update(botRuns).set({ stopDeadline: sql`now()` }).where(eq(botRuns.tenantId, id))
  const { killedAt, stopDeadline } = await r.ended(id)
  t.ok(killedAt && stopDeadline && killedAt >= stopDeadline)
  t.ok(signals() >= 3, 'then SIGKILL')
})

t.test('restart: the old run ends gracefully before the new one begins', async (t) => {
  const r = await rig(t)
  await r.open()
  const id = await r.tenant()
  await r.start(id)
  const old = await r.running(id)
  await r.rest(id)
  await r.restart(id)
  const next = await soon('the next run', async () => {
    const run = await r.lastRun(id)
    return run && run.epoch > old.epoch && run.phase === 'running' && run
  })
  const [, ended] = await r.runs(id)
  t.match(ended, { exitCause: 'clean', stopReason: 'restart' })
  t.ok(next.createdAt >= (ended?.exitedAt ?? next.createdAt))
  t.equal(r.engine.all.length, 1)
})

t.test('a start that races a hold ends stopped within one pass', async (t) => {
  const r = await rig(t)
  const orchestrator = await r.open()
  for (const hold of ['admin', 'billing'] as const) {
    const id = await r.tenant()
    await r.start(id)
    await r.db.update(bots).set({ hold }).where(eq(bots.tenantId, id))
    await r.rest(id)
    await orchestrator.idle()
    t.same(
      r.containers(id).filter((one) => one.state === 'running'),
      [],
      hold,
    )
    await t.rejects(r.start(id), { code: 'held' })
  }
})

t.test('many starts at once are bounded', async (t) => {
  const r = await rig(t)
  let atOnce = 0
  let most = 0
  const create = r.engine.create
  r.engine.create = async (spec) => {
    most = Math.max(most, ++atOnce)
    await new Promise((resolve) => setTimeout(resolve, 20))
    atOnce--
    return create(spec)
  }
  await r.open({ startsAtOnce: 3 })
  const ids = await Promise.all(Array.from({ length: 12 }, () => r.tenant()))
  await Promise.all(ids.map((id) => r.start(id)))
  await Promise.all(ids.map((id) => r.running(id)))
  t.ok(most > 1 && most <= 3, `${most} at once`)
})
