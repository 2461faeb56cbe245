import { botRuns, bots } from '@sath/db'
import { eq } from 'drizzle-orm'
import t from 'tap'
import { config, runRow, setup } from './app.fixture.js'

const app = await setup(t)
const { db, call } = app

t.test('the status word follows bot, run and last stop', async (t) => {
  const user = await app.user()
  await call('PUT', '/v1/bot/config', { as: user, body: { version: 0, config: config() } })
  const status = async () =>
    (await call('GET', '/v1/bot/status', { as: user })).json<{
      status: string
      run: object
      lastStop: { proven: boolean }
    }>()
  const word = async () => (await status()).status
  const set = (values: Partial<typeof bots.$inferInsert>) =>
    db.update(bots).set(values).where(eq(bots.tenantId, user.id))
  t.equal(await word(), 'stopped')
  await set({ desiredState: 'running' })
  t.equal(await word(), 'starting')
  const row = { ...runRow(user.id), phase: 'pending' as const }
  await db.insert(botRuns).values(row)
  const update = (values: Partial<typeof botRuns.$inferInsert>) =>
    db.update(botRuns).set(values).where(eq(botRuns.id, row.id))
  t.equal(await word(), 'starting')
  await update({
    phase: 'running',
    heartbeat: { progress: 1, rssBytes: 5, heapUsedBytes: 4, loopLagMs: 0.5, cpuPercent: 1 },
  })
  t.match(await status(), { status: 'running', run: { memoryBytes: 5, cpuPercent: 1, loopLagMs: 0.5 } })
  await set({ desiredState: 'stopped' })
  t.equal(await word(), 'stopping')
  await update({ phase: 'stopping', stopMode: 'graceful', stoppedBy: 'user', stopRequestedAt: new Date() })
  t.equal(await word(), 'stopping')
  await update({ phase: 'exited', exitedAt: new Date(), exitCode: 0 })
  t.match(await status(), { status: 'stopping', lastStop: { proven: false, openOrders: null } }, 'not settled yet')
  const receipt = { openOrders: 1, positionsClosed: 0, positionsKept: [], problems: [] }
  await update({ settledAt: new Date(), receipt })
  t.match(await status(), { status: 'stopped', lastStop: { proven: false }, conditions: [{ type: 'stop-unproven' }] })
  await update({ receipt: { ...receipt, openOrders: 0, problems: ['the broker does not answer'] } })
  t.match(await status(), { lastStop: { proven: false } })
  await update({ receipt: { ...receipt, openOrders: 0 } })
  t.match(await status(), { status: 'stopped', conditions: [], lastStop: { proven: true, by: 'user', exitCode: 0 } })
  await set({ hold: 'crash-loop', desiredState: 'running' })
  t.equal(await word(), 'error')
  await set({ hold: 'admin' })
  t.equal(await word(), 'stopped')
})

t.test('many who look at once share a query, and each sees their own bot', async (t) => {
  const many = await Promise.all(Array.from({ length: 60 }, () => app.user()))
  await Promise.all(many.map(({ id }) => db.update(bots).set({ holdReason: id }).where(eq(bots.tenantId, id))))
  const seen = await Promise.all(many.map((as) => call('GET', '/v1/bot/status', { as })))
  t.same(
    seen.map((response) => response.json<{ holdReason: string }>().holdReason),
    many.map(({ id }) => id),
  )
})
