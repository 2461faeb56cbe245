import { randomUUID } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import t from 'tap'
import { minutePages, minuteSpan } from './candle-pages.js'
import { storeCandles } from './candle-repository.js'
import { claimJob, finishJob, renewJob } from './job-claims.js'
import { jobRepository, keepJobs, maxOpenJobs, sweepJobs } from './job-repository.js'
import { ensureDays } from './partitions.js'
import { maxPresets, presetRepository } from './preset-repository.js'
import { jobs, users } from './schema/index.js'
import { openTestDatabase } from './testing.js'

const { db } = await openTestDatabase(t)
const actor = { id: null, address: null, agent: null }

async function tenant(): Promise<string> {
  const id = randomUUID()
  await db.insert(users).values({ id, email: `${id}@example.com`, passwordHash: 'x' })
  return id
}

t.test('requests at the same moment do not pass the bound together', async (t) => {
  const tenantId = await tenant()
  const ask = (n: number) => jobRepository(db, tenantId, n % 2 ? 'backtest' : 'simulation').request(actor, { n })
  const answers = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => ask(n)))
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
  t.equal(answers.length - refused.length, maxOpenJobs)
  t.ok(refused.every(({ code }) => code === 'rate-limited'))
  await jobRepository(db, await tenant(), 'backtest').request(actor, {})
})

t.test('a cancelled job is taken from its worker, an ended one is removed, and nobody touches another’s', async (t) => {
  const [mine, other] = [await tenant(), await tenant()]
  const own = jobRepository(db, mine, 'backtest')
  const { id } = await own.request(actor, {})
  await db.update(jobs).set({ createdAt: sql`now() - interval '1 hour'` }).where(eq(jobs.id, id))
  const claimed = await claimJob(db, { kinds: ['backtest'], owner: 'w', seconds: 60 })
  t.equal(claimed?.id, id)
  for (const stranger of [jobRepository(db, other, 'backtest'), jobRepository(db, mine, 'simulation')]) {
    t.equal(await stranger.cancelOrRemove(actor, id), false)
    t.equal(await stranger.find(id), undefined)
    t.same((await stranger.list({}, { limit: 10 })).items, [])
  }
  t.ok(await own.cancelOrRemove(actor, id))
  t.notOk(await renewJob(db, claimed!, 0.5, 60))
  t.notOk(await finishJob(db, claimed!, { status: 'done', result: {} }))
  t.match(await own.find(id), { status: 'cancelled', finishedAt: Date })
  t.ok(await own.cancelOrRemove(actor, id))
  t.equal(await own.find(id), undefined)
  t.notOk(await own.cancelOrRemove(actor, id))
})

t.test('jobs that ended long ago are forgotten', async (t) => {
  const tenantId = await tenant()
  const ended = (days: number) => ({
    tenantId,
    kind: 'backtest' as const,
    input: {},
    status: 'done' as const,
    finishedAt: sql`now() - make_interval(days => ${days})`,
  })
  await db.insert(jobs).values([ended(29), ended(31)])
  await sweepJobs(db)
  t.equal(await db.$count(jobs, eq(jobs.tenantId, tenantId)), 1)
})

t.test('of the jobs that ended the newest are kept', async (t) => {
  const [tenantId, other] = [await tenant(), await tenant()]
  const ended = (n: number, over = {}) => ({
    tenantId,
    kind: 'backtest' as const,
    input: { n },
    status: 'done' as const,
    createdAt: new Date(n * 1000),
    ...over,
  })
  const many = Array.from({ length: keepJobs + 3 }, (_, n) => ended(n))
  await db.insert(jobs).values([...many, ended(0, { tenantId: other }), ended(0, { kind: 'simulation' })])
  await jobRepository(db, tenantId, 'backtest').request(actor, {})
  t.equal(await db.$count(jobs, eq(jobs.tenantId, tenantId)), keepJobs + 2, 'and the new one, and the simulation')
  t.equal(await db.$count(jobs, eq(jobs.tenantId, other)), 1)
  const [oldest] = await db
    .select()
    .from(jobs)
    .where(and(eq(jobs.tenantId, tenantId), eq(jobs.kind, 'backtest')))
    .orderBy(jobs.createdAt)
  t.same(oldest?.input, { n: 3 })
})

t.test('presets have one name each and an end', async (t) => {
  const tenantId = await tenant()
  const presets = presetRepository(db, tenantId)
  const preset = (name: string) => ({ name, summary: '', strategy: 'ema-cross', params: {}, timeframe: 'M5' as const })
  const first = await presets.add(preset('Mine'))
  await t.rejects(presets.add(preset('mINE')), { code: 'invalid-request', errors: [{ path: 'name' }] })
  await presetRepository(db, await tenant()).add(preset('Mine'))
  await Promise.allSettled(Array.from({ length: maxPresets + 5 }, (_, n) => presets.add(preset(`p${n}`))))
  t.equal((await presets.list()).length, maxPresets)
  await t.rejects(presets.replace(first.id, preset('P1')), { code: 'invalid-request' })
  t.match(await presets.replace(first.id, preset('Other')), { name: 'Other' })
  t.equal(await presetRepository(db, await tenant()).replace(first.id, preset('x')), undefined)
  t.notOk(await presetRepository(db, await tenant()).remove(first.id))
  t.ok(await presets.remove(first.id))
})

t.test(
  'stored minutes come in market order, in pages, over gaps, and nothing from outside of the window',
  async (t) => {
    const start = Date.UTC(2024, 0, 1)
    const minute = 60_000
    const day = 1440
    await ensureDays(
      db,
      'candles',
      [0, 1, 40, 41].map((n) => start + n * day * minute),
    )
    const candle = (n: number) => ({
      time: start + n * minute,
      open: n,
      high: n + 1,
      low: n - 1,
      close: n + 0.1,
      volume: 3,
    })
    const stored = [
      ...Array.from({ length: 2 * day }, (_, n) => n),
      ...Array.from({ length: 10 }, (_, n) => 40 * day + n),
    ]
    for (const symbol of ['BBB', 'AAA'])
      await storeCandles(
        db,
        'replay',
        stored.map((n) => ({ symbol, timeframe: 'M1', candle: candle(n) })),
      )
    const series = ['BBB', 'AAA'].map((symbol) => ({ source: 'replay', symbol }))
    t.same(await minuteSpan(db, series), { first: start, last: start + (40 * day + 9) * minute })
    t.equal(await minuteSpan(db, [{ source: 'else', symbol: 'AAA' }]), undefined)
    const read = async (from: number, to: number, of = series) => {
      const rows = []
      for await (const page of minutePages(db, of, start + from * minute, start + to * minute)) rows.push(...page)
      return rows
    }
    const all = await read(0, 50 * day)
    t.same(
      all.map(({ symbol, candle }) => [candle.time, symbol]),
      stored.flatMap((n) => ['AAA', 'BBB'].map((symbol) => [start + n * minute, symbol])),
    )
    t.same(all[2 * 17]?.candle, candle(17))
    t.same(
      (await read(5, 7)).map(({ candle }) => candle.open),
      [5, 5, 6, 6],
    )
    t.equal((await read(3 * day, 40 * day + 3, series.slice(0, 1))).length, 3)
    t.same(await read(3 * day, 40 * day), [])
  },
)
