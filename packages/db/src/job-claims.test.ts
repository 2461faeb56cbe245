import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import type { Db } from './client.js'
import { claimJob, finishJob, giveUpJobs, releaseJob, renewJob } from './job-claims.js'
import { jobs, users } from './schema/index.js'
import { openTestDatabase } from './testing.js'

async function tenant(db: Db): Promise<string> {
  const id = randomUUID()
  await db.insert(users).values({ id, email: `${id}@example.com`, passwordHash: 'x' })
  return id
}

t.test('a job is one worker’s at a time, and a worker that lost it writes nothing', async (t) => {
  const { db } = await openTestDatabase(t)
  const tenantId = await tenant(db)
  const add = async (kind: 'key-test' | 'backtest') =>
    (
      await db
        .insert(jobs)
        .values({ tenantId, kind, input: { n: 1 } })
        .returning()
    )[0]!.id
  const first = await add('key-test')
  await add('backtest')
  const claim = (owner: string) => claimJob(db, { kinds: ['key-test'], owner, seconds: 60 })
  const claims = await Promise.all(Array.from({ length: 10 }, (_, n) => claim(`w${n}`)))
  const [mine, ...others] = claims.filter((job) => job !== undefined)
  t.match(mine, { id: first, kind: 'key-test', input: { n: 1 } })
  t.same(others, [], 'nobody else got it, and nobody got a job of another kind')
  t.ok(await renewJob(db, mine!, 0.5, 60))
  await db.update(jobs).set({ claimUntil: sql`now() - interval '1 second'` }).where(eq(jobs.id, first))
  const heir = await claim('heir')
  t.equal(heir?.id, first, 'a worker that is not heard of loses it')
  t.notOk(await renewJob(db, mine!, 0.9, 60))
  t.notOk(await finishJob(db, mine!, { status: 'done', result: { by: 'the late one' } }))
  t.ok(await finishJob(db, heir!, { status: 'done', result: { by: 'heir' } }))
  t.notOk(await finishJob(db, heir!, { status: 'failed', result: {} }), 'an ended job stays as it is')
  t.match((await db.select().from(jobs).where(eq(jobs.id, first)))[0], {
    status: 'done',
    progress: 1,
    claimToken: null,
    result: { by: 'heir' },
  })
  t.equal(await claim('w'), undefined)
})

t.test('a job that breaks its worker each time is given up', async (t) => {
  const { db } = await openTestDatabase(t)
  const tenantId = await tenant(db)
  const kinds = ['backtest'] as const
  const [job] = await db.insert(jobs).values({ tenantId, kind: 'backtest', input: {} }).returning()
  const expire = () => db.update(jobs).set({ claimUntil: sql`now() - interval '1 second'` })
  const claim = () => claimJob(db, { kinds, owner: 'w', seconds: 60, maxAttempts: 3 })
  const giveUp = () => giveUpJobs(db, { kinds, maxAttempts: 3, error: 'it broke' })
  const first = await claim()
  await releaseJob(db, first!, { counts: false })
  for (const attempt of [1, 2, 3]) {
    t.equal((await claim())?.attempt, attempt)
    t.same(await giveUp(), [], 'not while somebody works on it')
    await expire()
  }
  t.equal(await claim(), undefined)
  t.same(await giveUp(), [job!.id])
  t.match((await db.select().from(jobs))[0], { status: 'failed', result: { error: 'it broke' }, finishedAt: Date })
})

t.test('no tenant has more running than its share, and the ones with fewest come first', async (t) => {
  const { db } = await openTestDatabase(t)
  const [busy, other] = [await tenant(db), await tenant(db)]
  const kinds = ['backtest', 'simulation'] as const
  for (const tenantId of [busy, busy, busy, other])
    await db.insert(jobs).values({ tenantId, kind: 'backtest', input: {} })
  const claim = () => claimJob(db, { kinds, owner: 'w', seconds: 60, perTenant: 2 })
  const owners = []
  for (let n = 0; n < 4; n++) owners.push((await claim())?.tenantId)
  t.same(owners, [busy, other, busy, undefined])
})
