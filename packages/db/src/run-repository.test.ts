import { randomUUID } from 'node:crypto'
import { asc, eq, sql } from 'drizzle-orm'
import t from 'tap'
import type { Db } from './client.js'
import { type BotClaim, ClaimLost, claimBot, claimDueBot, releaseClaim } from './run-claim.js'
import { runRepository } from './run-repository.js'
import { ring } from './run-sweep.js'
import { botRuns, bots, type ExitCause, runEvents, users } from './schema/index.js'
import { recordHeartbeats } from './session-repository.js'
import { openTestDatabase } from './testing.js'

const facts = { progress: 0, rssBytes: 1, heapUsedBytes: 1, loopLagMs: 0, cpuPercent: 0 }

async function setup(t: { teardown(fn: () => unknown): void }) {
  const { db } = await openTestDatabase(t)
  const tenantId = randomUUID()
  await db.insert(users).values({ id: tenantId, email: `${tenantId}@example.com`, passwordHash: 'x' })
  await db.insert(bots).values({ tenantId, desiredState: 'running', generation: 1 })
  const runs = runRepository(db)
  const claim = async (owner: string) => {
    const taken = await claimBot(db, tenantId, owner)
    if (!taken) throw new Error('not free')
    return taken
  }
  const expire = () => db.update(bots).set({ claimUntil: sql`now() - interval '1 second'` })
  const bot = async (within: Db = db) => {
    const [row] = await within.select().from(bots)
    if (!row) throw new Error('no bot')
    return row
  }
  const run = { id: randomUUID(), node: 'n', engine: 'memory', generation: 1, memoryMiB: 128, cpu: 1, restarts: 0 }
  return { db, tenantId, runs, claim, expire, bot, run }
}

t.test('a claim is one owner’s until it is released or expires', async (t) => {
  const { db, tenantId, claim, expire } = await setup(t)
  const first = await claim('one')
  t.equal(await claimBot(db, tenantId, 'two'), undefined)
  await releaseClaim(db, first)
  const second = await claim('two')
  await releaseClaim(db, first)
  t.equal(await claimBot(db, tenantId, 'one'), undefined, 'a release of a lost claim releases nothing')
  await expire()
  t.not((await claim('one')).token, second.token)
  const asked = await Promise.all(Array.from({ length: 10 }, (_, n) => claimBot(db, tenantId, `racer ${n}`)))
  t.equal(asked.filter(Boolean).length, 0)
  t.equal(await claimBot(db, randomUUID(), 'one'), undefined, 'no such bot')
})

t.test('who has lost its claim writes nothing', async (t) => {
  const { db, runs, claim, expire, bot, run } = await setup(t)
  const lost = await claim('paused')
  await runs.beginRun(lost, run)
  await expire()
  const held = await claim('other')
  const before = { bot: await bot(), runs: await db.select().from(botRuns), events: await db.select().from(runEvents) }
  const names = { containerId: 'c', containerName: 'n', imageId: 'i' }
  const stop = { by: 'user', reason: 'r', graceMs: 1 } as const
  const writes: Record<string, (claim: BotClaim) => Promise<unknown>> = {
    beginRun: (claim) => runs.beginRun(claim, { ...run, id: randomUUID() }),
    created: (claim) => runs.created(claim, run.id, names),
    starting: (claim) => runs.starting(claim, run.id, names, false),
    stopping: (claim) => runs.stopping(claim, run.id, stop),
    killing: (claim) => runs.killing(claim, run.id, stop),
    exited: (claim) => runs.exited(claim, run.id, { exitCode: 0, cause: 'clean', oomKilled: false }),
    aborted: (claim) => runs.aborted(claim, run.id, 'r', false),
    hold: (claim) => runs.hold(claim, 'crash-loop', 'r'),
    raiseEpoch: (claim) => runs.raiseEpoch(claim, 9),
    adoptUnknown: (claim) => runs.adoptUnknown(claim, { ...run, ...names, id: randomUUID(), epoch: 9 }),
    settle: (claim) => runs.settle(claim, before.bot, { observed: true, lookInMs: undefined, conditions: [] }),
  }
  for (const [name, write] of Object.entries(writes)) await t.rejects(write(lost), ClaimLost, name)
  t.same({ bot: await bot(), runs: await db.select().from(botRuns), events: await db.select().from(runEvents) }, before)
  await runs.created(held, run.id, names)
  t.match(await db.select().from(botRuns), [{ phase: 'created' }], 'who has it does')
})

t.test('a run begins only in the generation that is wanted, one at a time, each with the next epoch', async (t) => {
  const { db, tenantId, runs, claim, bot, run } = await setup(t)
  const mine = await claim('one')
  t.equal(await runs.beginRun(mine, { ...run, generation: 0 }), undefined, 'an older wish')
  await db.update(bots).set({ hold: 'admin' })
  t.equal(await runs.beginRun(mine, run), undefined, 'held')
  await db.update(bots).set({ hold: null, desiredState: 'stopped' })
  t.equal(await runs.beginRun(mine, run), undefined, 'stopped')
  await db.update(bots).set({ desiredState: 'running' })
  await db.update(users).set({ deletingAt: sql`now()` }).where(eq(users.id, tenantId))
  t.equal(await runs.beginRun(mine, run), undefined, 'leaving')
  await db.update(users).set({ deletingAt: null })
  t.match(await runs.beginRun(mine, run), { epoch: 1, phase: 'pending' })
  t.equal(await runs.beginRun(mine, { ...run, id: randomUUID() }), undefined, 'one is unfinished')
  t.equal((await bot()).epoch, 1)
})

t.test('a run tells what it is made of, and of its first heartbeat', async (t) => {
  const told = async (engine: string, end: { exitCode: number | undefined; cause: ExitCause }) => {
    const { db, runs, claim, run } = await setup(t)
    const mine = await claim('one')
    await runs.beginRun(mine, { ...run, engine })
    await runs.created(mine, run.id, { containerId: 'c', containerName: 'n' })
    await runs.starting(mine, run.id, { containerId: 'c', containerName: 'n' }, false)
    for (const advanced of [false, true]) await recordHeartbeats(db, [{ runId: run.id, facts, advanced }])
    await runs.exited(mine, run.id, { ...end, oomKilled: false })
    return (await db.select().from(runEvents).orderBy(asc(runEvents.id))).map((event) => event.message)
  }
  const running = 'Its first heartbeat came: the bot is running'
  t.same(await told('docker', { exitCode: 0, cause: 'clean' }), [
    'Run 1 begins',
    'The container was created and its hardening checked',
    'The container is being started',
    running,
    'The container has ended: it finished in order (exit code 0)',
  ])
  t.same(await told('process', { exitCode: undefined, cause: 'engine-stopped' }), [
    'Run 1 begins',
    'A plain process was made ready; no container isolates it',
    'The process is being started',
    running,
    'The process has ended: its engine or Sath was away then, so nobody saw why',
  ])
})

t.test('a stop keeps who asked for it and the deadline it has', async (t) => {
  const { db, runs, claim, run } = await setup(t)
  const mine = await claim('one')
  await runs.beginRun(mine, run)
  const deadline = new Date(Date.now() + 5_000)
  await db.update(botRuns).set({ stoppedBy: 'admin', stopReason: 'abuse', stopDeadline: deadline })
  await runs.stopping(mine, run.id, { by: 'user', reason: 'stop', graceMs: 60_000 })
  const [asked] = await db.select().from(botRuns)
  t.match(asked, { stoppedBy: 'admin', stopReason: 'abuse' })
  t.same(asked?.stopDeadline, deadline)
  t.equal(await runs.stopping(mine, run.id, { by: 'user', reason: 'stop', graceMs: 60_000 }), false, 'once')
  await runs.killing(mine, run.id, { by: 'system', reason: 'deadline' })
  const [first] = await db.select().from(botRuns)
  await runs.killing(mine, run.id, { by: 'system', reason: 'deadline' })
  t.same((await db.select().from(botRuns))[0]?.killedAt, first?.killedAt, 'the time of the first kill')
  t.match(first, { stopMode: 'graceful', stoppedBy: 'admin' })
  t.same(first?.stopDeadline, deadline)
})

t.test('settling leaves a bell alone that rang meanwhile', async (t) => {
  const { db, tenantId, runs, claim, bot } = await setup(t)
  const mine = await claim('one')
  const outcome = { observed: true, lookInMs: undefined, conditions: [] }
  const seen = await bot()
  await db.update(bots).set({ generation: 2 })
  t.equal(await runs.settle(mine, seen, outcome), false, 'a newer wish')
  const rung = await bot()
  await ring(db, tenantId)
  t.equal(await runs.settle(mine, rung, outcome), false, 'a bell without a wish')
  const first = await db.transaction(async (tx) => {
    await ring(tx, tenantId)
    const between = await bot(tx)
    await ring(tx, tenantId)
    return between
  })
  t.same((await bot()).lookAt, first.lookAt, 'two bells of one time')
  t.equal(await runs.settle(mine, first, outcome), false, 'the second was not heard with the first')
  t.equal(await runs.settle(mine, await bot(), outcome), true)
  t.match(await bot(), { observedGeneration: 2, lookAt: null, claimToken: null }, 'and the claim ends with it')
})

t.test('a bell whose pass is over already is no reason for another', async (t) => {
  const { db, tenantId, runs, bot } = await setup(t)
  await db.update(bots).set({ generation: 2 })
  const mine = await claimDueBot(db, tenantId, 'one')
  if (!mine) throw new Error('the new wish rings')
  t.equal(await claimDueBot(db, tenantId, 'other'), undefined, 'one at a time')
  await runs.settle(mine, await bot(), { observed: true, lookInMs: 60_000, conditions: [] })
  t.equal(await claimDueBot(db, tenantId, 'one'), undefined)
  t.ok(await claimBot(db, tenantId, 'one'), 'whoever has another reason looks all the same')
})
