import { randomUUID } from 'node:crypto'
import { botRuns, bots } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { rig } from './testing/rig.js'
import { soon } from './testing/soon.js'

t.test('a container that somebody removed is replaced, an old one that somebody starts is killed', async (t) => {
  const r = await rig(t)
  await r.open()
  const id = await r.tenant()
  await r.start(id)
  const first = await r.running(id)
  r.engine.vanish(r.containers(id)[0]?.id ?? '')
  t.match(await r.ended(id, 1), { exitCause: 'removed', exitCode: null })
  const second = await soon('the next run', async () => {
    const run = await r.lastRun(id)
    return run?.epoch === 2 && run.phase === 'running' && run
  })
  await r.rest(id)
  const name = `by-hand-${randomUUID()}`
  r.engine.startByHand(r.engine.appear({ name, tenantId: id, runId: first.id, epoch: 1, state: 'created' }))
  await soon('the old container’s end', () => r.engine.all.every((one) => one.name !== name))
  t.ok((await r.events(id)).includes('stray-killed'))
  t.match(await r.lastRun(id), { id: second.id, phase: 'running' })
})

t.test('an unknown container is quarantined after two checks; it blocks no stop', async (t) => {
  const r = await rig(t)
  const orchestrator = await r.open({ sweepMs: 60_000 })
  await orchestrator.sweep()
  const stranger = { name: 'x', tenantId: randomUUID(), runId: randomUUID(), epoch: 1, state: 'running' as const }
  r.engine.appear(stranger)
  await orchestrator.sweep()
  t.equal(r.engine.all[0]?.state, 'running', 'seen once')
  await orchestrator.sweep()
  t.equal(r.engine.all[0]?.state, 'exited', 'kept for people to look at')
  t.same(await r.events(stranger.tenantId), ['quarantined'])
})

t.test('many unknown containers are not touched: the rows are what is wrong', async (t) => {
  const r = await rig(t)
  const orchestrator = await r.open({ sweepMs: 60_000 })
  for (let n = 0; n < 11; n++)
    r.engine.appear({ name: `x${n}`, tenantId: randomUUID(), runId: randomUUID(), epoch: 1, state: 'running' })
  for (let n = 0; n < 4; n++) await orchestrator.sweep()
  t.ok(r.engine.all.every((one) => one.state === 'running'))
})

t.test('unknown containers are left alone while the rows cannot be read', async (t) => {
  const r = await rig(t)
  const orchestrator = await r.open({ sweepMs: 60_000 })
  await orchestrator.sweep()
  r.engine.appear({ name: 'x', tenantId: randomUUID(), runId: randomUUID(), epoch: 1, state: 'running' })
  await r.sql`alter table bot_runs rename to bot_runs_away`
  for (let n = 0; n < 4; n++) await orchestrator.sweep()
  t.equal(r.engine.all[0]?.state, 'running')
  await r.sql`alter table bot_runs_away rename to bot_runs`
})

t.test('a database restored from a backup: newer containers are taken over, not killed', async (t) => {
  const r = await rig(t)
  const first = await r.open()
  const id = await r.tenant()
  await r.start(id)
  await r.running(id)
  await r.rest(id)
  await first.close()
  const [container] = r.engine.all
  // As in a backup from before three restarts: an older run is unfinished, the counter is behind.
  await r.db.delete(botRuns).where(eq(botRuns.tenantId, id))
  const runId = randomUUID()
  r.engine.vanish(container?.id ?? '')
  const live = r.engine.appear({ name: container?.name ?? '', tenantId: id, runId, epoch: 4, state: 'running' })
  await r.db.insert(botRuns).values({
    tenantId: id,
    epoch: 1,
    generation: 1,
    phase: 'running',
    node: 'node-1',
    engine: 'memory',
    memoryMiB: 128,
    cpu: 1,
    containerId: 'long-gone',
  })
  await r.open()
  const adopted = await soon('the adoption', async () => (await r.runs(id)).find((run) => run.epoch === 4))
  t.match(adopted, { id: runId, containerId: live })
  t.match(await r.ended(id, 1), { exitCause: 'removed' })
  t.equal((await r.bot(id)).epoch, 4)
  await r.firstHeartbeat(runId)
  await r.rest(id)
  t.match(r.engine.all, [{ id: live, state: 'running' }], 'nothing was killed')
  const events = await r.events(id)
  t.ok(events.includes('epoch-raised') && events.includes('adopted'))
  await r.restart(id)
  await soon('the next epoch', async () => (await r.lastRun(id))?.epoch === 5)
})

t.test('drift of a running container is an alarm and a condition, until it is gone', async (t) => {
  const r = await rig(t)
  const orchestrator = await r.open({ sweepMs: 60_000 })
  const id = await r.tenant()
  await r.start(id)
  await r.running(id)
  await r.rest(id)
  r.engine.setFaults(['ReadonlyRootfs is on'])
  await orchestrator.sweep()
  await orchestrator.sweep()
  t.match(await r.condition(id, 'drift'), { message: /ReadonlyRootfs/ })
  t.equal((await r.events(id)).filter((type) => type === 'drift').length, 1, 'told once')
  r.engine.setFaults([])
  await orchestrator.sweep()
  await soon('the condition to end', async () => (await r.bot(id)).conditions.length === 0)
})

t.test('a container that is not hardened is never started', async (t) => {
  const r = await rig(t)
  r.engine.setFaults(['CapDrop is ALL'])
  await r.open()
  const id = await r.tenant()
  await r.start(id)
  await soon('the hold', async () => (await r.bot(id)).hold === 'crash-loop')
  t.notOk(r.engine.calls.some((call) => call.verb === 'start'))
  await soon('nothing is left', () => r.engine.all.length === 0)
  t.match(await r.lastRun(id), { phase: 'aborted', stopReason: /CapDrop/ })
})

t.test('the runs of another node are not ours to judge', async (t) => {
  const r = await rig(t)
  const id = await r.tenant()
  await r.db.update(bots).set({ desiredState: 'running', epoch: 1 }).where(eq(bots.tenantId, id))
  await r.db.insert(botRuns).values({
    tenantId: id,
    epoch: 1,
    generation: 0,
    phase: 'running',
    node: 'node-2',
    engine: 'memory',
    memoryMiB: 128,
    cpu: 1,
  })
  const orchestrator = await r.open()
  orchestrator.look(id)
  await orchestrator.sweep()
  await orchestrator.idle()
  t.match(await r.runs(id), [{ phase: 'running', node: 'node-2' }])
  t.same(r.engine.all, [])
})

t.test('a run of another engine is unreachable, not gone: nothing is started beside it', async (t) => {
  const r = await rig(t)
  const id = await r.tenant()
  await r.db.update(bots).set({ desiredState: 'running', epoch: 1 }).where(eq(bots.tenantId, id))
  await r.db.insert(botRuns).values({
    tenantId: id,
    epoch: 1,
    generation: 0,
    phase: 'running',
    node: 'node-1',
    engine: 'docker',
    containerId: 'c',
    memoryMiB: 128,
    cpu: 1,
  })
  const orchestrator = await r.open()
  orchestrator.look(id)
  t.match(await r.condition(id, 'unreachable'), { reason: 'engine' })
  t.match(await r.runs(id), [{ phase: 'running' }])
  t.same(r.engine.all, [])
})
