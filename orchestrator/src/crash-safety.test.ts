import { openDatabase } from '@sath/db'
import { tcpProxy } from '@sath/testkit'
import t from 'tap'
import { EngineError } from './engines/container-engine.js'
import type { Verb } from './engines/memory-engine.js'
import { type Rig, rig } from './testing/rig.js'
import { soon } from './testing/soon.js'

/** One orchestrator dies at the call, another one goes on; the wish is made when the first one works. */
async function survive(
  r: Rig,
  call: readonly [Verb, 'before' | 'after'],
  wish: () => Promise<void>,
  done: () => Promise<unknown>,
) {
  const victim = await r.open()
  victim.dieAt(...call)
  await wish()
  await victim.dead
  await r.expireClaims()
  const heir = await r.open()
  await done()
  await heir.close()
}

t.test('killed at any call of a start: the next orchestrator finishes it once', async (t) => {
  const r = await rig(t)
  for (const call of [
    ['create', 'before'],
    ['create', 'after'],
    ['faults', 'after'],
    ['start', 'before'],
    ['start', 'after'],
  ] as const) {
    const id = await r.tenant()
    const name = call.join(' ')
    await survive(
      r,
      call,
      () => r.start(id),
      () => r.running(id),
    )
    t.equal((await r.runs(id)).length, 1, `${name}: one run`)
    t.equal(r.containers(id).length, 1, `${name}: one container`)
    const made = r.engine.calls.filter((one) => one.verb === 'create' && one.id === id)
    t.equal(made.length, 1, `${name}: created once`)
  }
})

t.test('killed at any call of a stop: the next orchestrator finishes it', async (t) => {
  const r = await rig(t)
  for (const call of [
    ['signal', 'before'],
    ['signal', 'after'],
    ['inspect', 'after'],
    ['remove', 'before'],
    ['remove', 'after'],
  ] as const) {
    const id = await r.tenant()
    const name = call.join(' ')
    const starter = await r.open()
    await r.start(id)
    await r.running(id)
    await r.rest(id)
    await starter.close()
    await survive(
      r,
      call,
      () => r.stop(id),
      () => r.rest(id),
    )
    t.match(await r.lastRun(id), { phase: 'exited', exitCause: 'clean', exitCode: 0 }, name)
    t.same(r.containers(id), [], `${name}: nothing left`)
  }
})

t.test('two orchestrators that both work: one container for each bot', async (t) => {
  const r = await rig(t)
  const [one, two] = [await r.open(), await r.open()]
  const ids = await Promise.all(Array.from({ length: 8 }, () => r.tenant()))
  await Promise.all(ids.map((id) => r.start(id)))
  for (const id of ids) {
    one.look(id)
    two.look(id)
  }
  await Promise.all(ids.map((id) => r.running(id)))
  for (const id of ids) {
    t.equal(r.containers(id).length, 1)
    t.equal((await r.runs(id)).length, 1)
  }
})

t.test('a leader that was paused in the middle of a step changes nothing when it wakes', async (t) => {
  const r = await rig(t)
  for (const [verb, moment] of [
    ['create', 'before'],
    ['create', 'after'],
    ['start', 'before'],
  ] as const) {
    const paused = await r.open({ sweepMs: 60_000 })
    const pause = paused.freezeAt(verb, moment)
    const id = await r.tenant()
    await r.start(id)
    await pause.frozen
    await r.expireClaims()
    const other = await r.open()
    await r.running(id)
    await r.stop(id)
    await r.rest(id)
    const before = await r.runs(id)
    pause.release()
    await paused.idle()
    await other.sweep()
    await soon('the late container to go', () => r.engine.all.length === 0)
    t.same(await r.runs(id), before, `${moment} ${verb}: its writes are refused`)
    t.equal((await r.bot(id)).epoch, 1)
    await Promise.all([paused.close(), other.close()])
  }
})

t.test('an answer that is lost is asked about, not repeated', async (t) => {
  const r = await rig(t)
  await r.open()
  for (const verb of ['create', 'start', 'signal', 'remove'] as const) {
    const id = await r.tenant()
    r.engine.failNext(verb, { when: 'after', error: new EngineError('unreachable', 'no answer in 20000 ms') })
    await r.start(id)
    await r.running(id)
    await r.stop(id)
    await r.rest(id)
    t.equal((await r.runs(id)).length, 1, verb)
    t.same(r.engine.all, [], verb)
    const made = r.engine.calls.filter((one) => one.verb === 'create' && one.id === id)
    t.equal(made.length, 1, `${verb}: created once`)
  }
})

t.test('an engine that answers nothing: unreachable, nothing counted, and it recovers alone', async (t) => {
  const r = await rig(t)
  await r.presentGateway()
  const orchestrator = await r.open()
  const id = await r.tenant()
  const waiting = await r.tenant()
  await r.start(id)
  const run = await r.running(id)
  await r.rest(id)
  r.engine.setDown(true)
  await r.start(waiting)
  orchestrator.look(id)
  t.match(await r.condition(id, 'unreachable'), { reason: 'engine' })
  t.match(await r.condition(waiting, 'unreachable'), { reason: 'engine' })
  for (let n = 0; n < 5; n++) await orchestrator.sweep()
  const calls = r.engine.calls.filter((call) => ['create', 'signal', 'remove'].includes(call.verb))
  t.equal(calls.length, 1, 'only the first bot’s create, from before')
  r.engine.setDown(false)
  orchestrator.look(id)
  orchestrator.look(waiting)
  await r.rest(id)
  await r.running(waiting)
  t.match(await r.bot(id), { conditions: [], hold: null })
  t.equal((await r.lastRun(id))?.id, run.id, 'the same run')
})

t.test('a database that is away: nothing is done, and everything goes on after it', async (t) => {
  const r = await rig(t)
  const address = new URL(r.url)
  const line = await tcpProxy(t, { host: address.hostname, port: Number(address.port) })
  address.hostname = '127.0.0.1'
  address.port = String(line.port)
  const database = openDatabase(address.href)
  t.teardown(database.close)
  await r.presentGateway()
  const orchestrator = await r.open({ database })
  const id = await r.tenant()
  await r.start(id)
  const run = await r.running(id)
  await r.rest(id)
  line.cut()
  const calls = r.engine.calls.filter((call) => call.verb !== 'list' && call.verb !== 'faults').length
  orchestrator.look(id)
  for (let n = 0; n < 3; n++) await orchestrator.sweep()
  t.equal(
    r.engine.calls.filter((call) => call.verb !== 'list' && call.verb !== 'faults').length,
    calls,
    'no call that changes anything',
  )
  line.heal()
  await orchestrator.sweep()
  await r.stop(id)
  await r.rest(id)
  t.match(await r.lastRun(id), { id: run.id, epoch: 1, exitCause: 'clean' })
})

t.test('a bell that nobody heard is found by the sweep', async (t) => {
  const r = await rig(t)
  const id = await r.tenant()
  await r.start(id)
  await r.open()
  await r.running(id)
  t.pass('a wish from before we listened')
  const silent = await rig(t)
  const deaf = await silent.tenant()
  const orchestrator = await silent.open({ sweepMs: 60_000 })
  await orchestrator.idle()
  await silent.sql`alter table bots disable trigger bots_ring`
  await silent.start(deaf)
  await orchestrator.sweep()
  await silent.running(deaf)
  t.pass('a wish without a bell')
})

t.test('missed and doubled engine events change nothing', async (t) => {
  const r = await rig(t)
  const orchestrator = await r.open({ sweepMs: 60_000 })
  const id = await r.tenant()
  await r.start(id)
  const run = await r.running(id)
  await r.rest(id)
  for (let n = 0; n < 1_000; n++) r.engine.ring(id)
  await orchestrator.idle()
  t.match(await r.lastRun(id), { id: run.id, phase: 'running' })
  const passes = r.engine.calls.filter((call) => call.verb === 'list' && call.id === id).length
  t.ok(passes < 30, `${passes} passes for 1,000 events`)
  await orchestrator.close()
  const [container] = r.containers(id)
  r.engine.exit(container?.id ?? '', { exitCode: 1 })
  const next = await r.open({ sweepMs: 60_000 })
  await next.sweep()
  await r.ended(id, 1)
  t.pass('an end that nobody told of is found in the list')
})
