/** A plan without a second timeframe says no at every place: saving, starting, the order door, and the bot's conditions. */
import { bots, editPlan, ensureDays } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { setup, strategy, verdict } from '../app.fixture.js'
import { conditionsOf, enter, loopOf, signalTime, subscriber, three } from './subscribers.fixture.js'

const at = await setup(t)
const loop = loopOf(t, at)
await ensureDays(at.db, 'decisions', [signalTime])
await ensureDays(at.db, 'signals', [signalTime])

t.test('the rule of one timeframe holds wherever a plan is asked', async (t) => {
  const [alpha, beta] = three().strategies
  const saved = three({ strategies: [alpha!, beta!, strategy({ name: 'Gamma', confirmTimeframe: 'M15' })] })
  const [user, other] = [await subscriber(at, loop, 'pro', saved), await subscriber(at, loop, 'pro', three())]
  t.match(await enter(at, user, saved, 0), { kind: 'entered' })

  await editPlan(at.db, 'pro', { multiTimeframe: false })
  t.match(
    await enter(at, user, saved, 1),
    { kind: 'refused', outcome: 'plan-limit', reason: /one timeframe/ },
    'the order door, before anybody has applied the plan',
  )
  await loop.now()
  t.match(await conditionsOf(at, user), [{ type: 'strategies-paused', reason: 'multiTimeframe', message: /Gamma/ }])
  t.same(await conditionsOf(at, other), [], 'nothing else is over the plan')

  const refusal = {
    code: 'plan-limit',
    errors: [{ path: 'strategies.2.confirmTimeframe', message: /^multiTimeframe/ }],
  }
  t.match((await at.call('POST', '/v1/bot/restart', { as: user })).json(), refusal, 'starting again')
  await at.db.update(bots).set({ desiredState: 'stopped' }).where(eq(bots.tenantId, user.id))
  t.match((await at.call('POST', '/v1/bot/start', { as: user })).json(), refusal, 'starting')
  const save = (config: typeof saved) =>
    at.call('PUT', '/v1/bot/config', { as: user, body: { version: 1, config: { ...config, capital: '90.00' } } })
  t.match((await save(saved)).json(), refusal, 'saving')
  t.equal(verdict(await save({ ...saved, strategies: saved.strategies.slice(0, 2) })), '200', 'the way out')
  t.equal(verdict(await at.call('POST', '/v1/bot/start', { as: user })), '202')

  await editPlan(at.db, 'pro', { multiTimeframe: true })
})

t.test('the order door takes the rest of such a configuration', async (t) => {
  const [alpha, beta, gamma] = three().strategies
  const mixed = three({ strategies: [{ ...alpha!, confirmTimeframe: 'M15' }, beta!, gamma!] })
  const user = await subscriber(at, loop, 'pro', mixed)
  await editPlan(at.db, 'pro', { multiTimeframe: false })
  t.match(await enter(at, user, mixed, 0), { kind: 'entered' })
})
