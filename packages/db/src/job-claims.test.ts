import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { claimJob, finishJob, renewJob } from './job-claims.js'
import { jobs, users } from './schema/index.js'
import { openTestDatabase } from './testing.js'

t.test('a job is one worker’s at a time, and a worker that lost it writes nothing', async (t) => {
  const { db } = await openTestDatabase(t)
  const tenantId = randomUUID()
  await db.insert(users).values({ id: tenantId, email: `${tenantId}@example.com`, passwordHash: 'x' })
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
