import {
  botRuns,
  bots,
  editPlan,
  effectivePlan,
  ensureDays,
  grantPlan,
  limitsOf,
  listPlans,
  lockBot,
  outboxRepository,
  planGrants,
  readAudit,
  trades,
  userRepository,
} from '@sath/db'
import { until } from '@sath/testkit'
import { and, eq, sql } from 'drizzle-orm'
import t from 'tap'
import { config, setup, type TestUser } from '../app.fixture.js'
import { previewPlan } from './preview-plan.js'
import {
  botOf,
  conditionsOf,
  enter,
  eventsOf,
  loopOf,
  openTrade,
  signalTime,
  subjectsOf,
  subscriber,
  three,
} from './subscribers.fixture.js'

const at = await setup(t)
const loop = loopOf(t, at)

t.test('a smaller plan pauses what is over it, closes what its owner chose and says so', async (t) => {
  for (const onStop of ['close', 'keep'] as const) {
    const saved = three({ onStop })
    const user = await subscriber(at, loop, 'basic', saved)
    const spot = await openTrade(at, user, saved, 1)
    const binary = await openTrade(at, user, saved, 2)
    await at.db.delete(planGrants).where(eq(planGrants.tenantId, user.id))
    await loop.now()
    const asked = await at.db
      .select({ id: trades.id })
      .from(trades)
      .where(and(eq(trades.tenantId, user.id), sql`${trades.closeAskedAt} is not null`))
    t.same(asked, onStop === 'close' ? [{ id: spot }] : [], `${onStop}: never the option ${binary}`)
    const conditions = await conditionsOf(at, user)
    t.match(conditions, [
      {
        type: 'strategies-paused',
        reason: 'maxStrategies',
        message: /Free: Beta, Gamma\. Because the plan allows 1 strategy/,
      },
    ])
    t.match(await botOf(at, user), { desiredState: 'running', hold: null }, 'the rest goes on')
    t.same(await eventsOf(at, user), ['plan-changed'])
    const { items } = await readAudit(at.db, { action: 'plan.applied' }, { limit: 1 })
    t.match(items, [
      { target: user.id, actorId: null, fields: { from: 'basic', to: 'free', paused: ['Beta', 'Gamma'] } },
    ])
    const [mail] = await outboxRepository(at.db).list(user.email)
    t.match(mail, { subject: 'Your plan is now Free', text: /Gamma: paused/ })
    t.match(mail?.text, onStop === 'close' ? /ETHUSDT \(Beta\): is being closed/ : /ETHUSDT \(Beta\): stays open/)

    await grantPlan(at.db, user.id, { planId: 'pro' })
    await until('the way back', async () => (await conditionsOf(at, user)).length === 0)
    t.equal(
      await at.db.$count(trades, and(eq(trades.tenantId, user.id), sql`${trades.closeAskedAt} is not null`)),
      0,
      'what was not closed yet stays',
    )
    t.same(await subjectsOf(at, user), ['Your plan is now Pro', 'Your plan is now Free'])
  }
})

t.test('a grant runs out at its moment, though nobody does anything', async (t) => {
  await ensureDays(at.db, 'decisions', [signalTime])
  await ensureDays(at.db, 'signals', [signalTime])
  const saved = three()
  const user = await subscriber(at, loop, 'enterprise', saved)
  t.match(await enter(at, user, saved, 0), { kind: 'entered' })
  const [grant] = await at.db
    .update(planGrants)
    .set({ endsAt: sql`date_trunc('milliseconds', clock_timestamp()) + interval '700 milliseconds'` })
    .where(eq(planGrants.tenantId, user.id))
    .returning({ endsAt: planGrants.endsAt })
  const end = grant?.endsAt?.getTime() ?? 0
  // Entries of a strategy that the free plan has no room for, one after another over that moment.
  let refusedOnce = false
  for (let n = 1; Date.now() < end + 300 || !refusedOnce; n++) {
    const before = Date.now()
    const result = await enter(at, user, saved, n)
    const after = Date.now()
    if (after < end) t.equal(result.kind, 'entered')
    if (before > end) t.match(result, { kind: 'refused', outcome: 'plan-limit' })
    if (result.kind === 'refused') refusedOnce = true
    else t.notOk(refusedOnce, 'never again after the first refusal')
  }
  await until('the mail', async () => (await subjectsOf(at, user)).length > 0)
  t.match(await botOf(at, user), { planApplied: { id: 'free' }, planConditions: [{ reason: 'maxStrategies' }] })
  t.same(await eventsOf(at, user), ['plan-changed'])
})

t.test('entries race a change of plan: none is written under the old one once the new one is', async (t) => {
  await ensureDays(at.db, 'decisions', [signalTime])
  await ensureDays(at.db, 'signals', [signalTime])
  const saved = three()
  const user = await subscriber(at, loop, 'enterprise', saved)
  const race = [...Array(30).keys()].map((n) => enter(at, user, saved, n))
  const change = grantPlan(at.db, user.id, { planId: 'free' }).then(async () => {
    // Every entry that is written by now is one of the old plan's; from here on there may be no more.
    const [row] = await at.db.select({ n: sql<number>`count(*)::int` }).from(trades).where(eq(trades.tenantId, user.id))
    return row?.n
  })
  const results = await Promise.all(race)
  const atChange = await change
  const entered = results.filter(({ kind }) => kind === 'entered').length
  t.equal(await at.db.$count(trades, eq(trades.tenantId, user.id)), atChange)
  t.equal(entered, atChange)
  t.match(await enter(at, user, saved, 99), { kind: 'refused', outcome: 'plan-limit' })
})

t.test('an entry that waits behind a change of plan is judged by the new one', async (t) => {
  await ensureDays(at.db, 'decisions', [signalTime])
  const saved = three()
  const user = await subscriber(at, loop, 'enterprise', saved)
  const entering = await at.db.transaction(async (tx) => {
    await lockBot(tx, user.id)
    const result = enter(at, user, saved, 0)
    await until('the entry to wait', async () => {
      const [row] = await at.db.execute<{ n: number }>(
        sql`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      )
      return row?.n === 1
    })
    await grantPlan(tx, user.id, { planId: 'free' })
    return { result }
  })
  t.match(await entering.result, { kind: 'refused', outcome: 'plan-limit' })
  t.equal(await at.db.$count(trades, eq(trades.tenantId, user.id)), 0)
})

t.test('a live bot is stopped and held, never put on paper, and both ways out lead out', async (t) => {
  const live = config({ mode: 'live' })
  const fall = async (user: TestUser) => {
    await at.db.delete(planGrants).where(eq(planGrants.tenantId, user.id))
    await loop.now()
    t.match(await botOf(at, user), { desiredState: 'stopped', hold: 'billing', generation: 2, configVersion: 1 })
    t.match(await conditionsOf(at, user), [
      { reason: 'modes' },
      {
        type: 'held',
        reason: 'billing',
        message: /Choose a plan with live trading, or save a configuration for paper/,
      },
    ])
    t.same(await subjectsOf(at, user), ['Your live bot was stopped'])
    t.match((await at.call('POST', '/v1/bot/start', { as: user })).json(), { code: 'held' })
  }
  const toPaper = await subscriber(at, loop, 'pro', live)
  await fall(toPaper)
  const body = { version: 1, config: config() }
  t.equal((await at.call('PUT', '/v1/bot/config', { as: toPaper, body })).statusCode, 200)
  t.match(await botOf(at, toPaper), { hold: null, desiredState: 'stopped' }, 'released, and not started by itself')
  t.same(await conditionsOf(at, toPaper), [])
  t.equal((await at.call('POST', '/v1/bot/start', { as: toPaper })).statusCode, 202)

  const paysAgain = await subscriber(at, loop, 'pro', live)
  await fall(paysAgain)
  await grantPlan(at.db, paysAgain.id, { planId: 'basic' })
  await until('the release', async () => (await botOf(at, paysAgain)).hold === null)
  t.match(await botOf(at, paysAgain), { desiredState: 'stopped' })
  t.same(await eventsOf(at, paysAgain), ['plan-changed', 'held', 'plan-changed', 'released'])
  t.equal((await at.call('POST', '/v1/bot/start', { as: paysAgain })).statusCode, 202)
})

t.test('an administrator’s hold stays; a bot that is not wanted, or trades on paper, is not held', async (t) => {
  const live = config({ mode: 'live' })
  const [held, idle, paper] = [
    await subscriber(at, loop, 'pro', live),
    await subscriber(at, loop, 'pro', live),
    await subscriber(at, loop, 'pro', config()),
  ]
  await at.db.update(bots).set({ hold: 'admin', holdReason: 'abuse' }).where(eq(bots.tenantId, held.id))
  await at.db.update(bots).set({ desiredState: 'stopped' }).where(eq(bots.tenantId, idle.id))
  for (const { id } of [held, idle, paper]) await at.db.delete(planGrants).where(eq(planGrants.tenantId, id))
  await loop.now()
  t.match(await botOf(at, held), { hold: 'admin', holdReason: 'abuse', desiredState: 'stopped' })
  t.match(await botOf(at, idle), { hold: null, desiredState: 'stopped', planApplied: { id: 'free' } })
  t.match(await botOf(at, paper), { hold: null, desiredState: 'running', planApplied: { id: 'free' } })
  t.equal((await at.call('POST', '/v1/bot/start', { as: idle })).json<{ code: string }>().code, 'plan-limit')
})

t.test('the preview of another plan says what then happens', async (t) => {
  const saved = three()
  const user = await subscriber(at, loop, 'basic', saved)
  const spot = await openTrade(at, user, saved, 1)
  const { from, to, preview } = await previewPlan(at.db, user.id, 'free')
  t.same([from, to], ['basic', 'free'])
  t.same(
    preview.strategies.map(({ name, after }) => [name, after]),
    [
      ['Alpha', 'stays'],
      ['Beta', 'paused'],
      ['Gamma', 'paused'],
    ],
  )
  t.match(preview.positions, [{ tradeId: spot, fate: 'closed' }])
  t.match((await previewPlan(at.db, user.id, 'pro')).preview.memoryMiB, { before: 128, after: 256, when: 'live' })
  await at.db.update(botRuns).set({ engine: 'process' }).where(eq(botRuns.tenantId, user.id))
  t.match((await previewPlan(at.db, user.id, 'pro')).preview.cpu, { after: 0.5, when: 'next-start' })
  await t.rejects(previewPlan(at.db, user.id, 'gold'), { code: 'invalid-request' })
})

t.test('nobody is told of a first plan', async (t) => {
  const user = await at.db.transaction(async (tx) => {
    const created = await userRepository(tx).create({ email: 'first@example.com', passwordHash: 'x' })
    if (created) await grantPlan(tx, created.id, { planId: 'pro' })
    return { id: created?.id ?? '', email: 'first@example.com', token: '', sessionId: '' }
  })
  await loop.now()
  t.match(await botOf(at, user), { planApplied: { id: 'pro', name: 'Pro' }, planConditions: [] })
  t.same([await eventsOf(at, user), await subjectsOf(at, user)], [[], []])
})

t.test('an edited plan reaches everybody on it, and writes only to those it stops something of', async (t) => {
  const [small, large] = [await subscriber(at, loop, 'pro', config()), await subscriber(at, loop, 'pro', three())]
  await editPlan(at.db, 'pro', { maxStrategies: 2 })
  await loop.now()
  await until('both', async () => (await botOf(at, large)).planApplied?.limits.maxStrategies === 2)
  await until('both', async () => (await botOf(at, small)).planApplied?.limits.maxStrategies === 2)
  t.match(await conditionsOf(at, large), [{ message: /Gamma\. Because the plan allows 2/ }])
  t.same(await subjectsOf(at, small), [])
  t.same(await subjectsOf(at, large), ['The limits of your Pro plan changed'])
  t.same([await eventsOf(at, small), await eventsOf(at, large)], [['plan-changed'], ['plan-changed']])
  const limits = (await listPlans(at.db)).find(({ id }) => id === 'pro')
  t.same((await botOf(at, small)).planApplied?.limits, limits && limitsOf(limits), 'the same as everywhere else')
})

t.test('two loops at once apply each change once', async (t) => {
  const users: TestUser[] = []
  for (let n = 0; n < 12; n++) users.push(await subscriber(at, loop, 'basic', three()))
  const second = loopOf(t, at, 5)
  await at.db.delete(planGrants)
  await Promise.all([loop.now(), second.now()])
  for (const user of users) {
    await until('its mail', async () => (await subjectsOf(at, user)).length > 0)
    t.same(await eventsOf(at, user), ['plan-changed'])
    t.same(await subjectsOf(at, user), ['Your plan is now Free'])
    t.equal((await effectivePlan(at.db, user.id)).id, 'free')
  }
})
