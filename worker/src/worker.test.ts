import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ComputeKind, jobRepository, jobs, users } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { until } from '@sath/testkit'
import { eq, sql } from 'drizzle-orm'
import { pino } from 'pino'
import t from 'tap'
import { openPool } from './pool.js'
import { openWorker, type WorkerOptions } from './worker.js'

const database = await openTestDatabase(t)
const { db } = database
const actor = { id: null, address: null, agent: null }

async function tenant(): Promise<string> {
  const id = randomUUID()
  await db.insert(users).values({ id, email: `${id}@example.com`, passwordHash: 'x' })
  return id
}
const ask = async (input: Record<string, unknown>, tenantId?: string, kind: ComputeKind = 'backtest') =>
  (await jobRepository(db, tenantId ?? (await tenant()), kind).request(actor, input)).id
const row = async (id: string) => (await db.select().from(jobs).where(eq(jobs.id, id)))[0]!
const status = (id: string, wanted: string) =>
  until(`${id} ${wanted}`, async () => {
    const job = await row(id)
    return job.status === wanted && job
  })

/** What a job waits for. */
function newGate(test: { teardown(run: () => unknown): void }) {
  const folder = mkdtempSync(join(tmpdir(), 'sath-gate-'))
  test.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'open')
  return { file, open: () => writeFileSync(file, '') }
}

/** A worker whose threads do what the input of the job says. */
function work(over: Partial<WorkerOptions> = {}) {
  const pool = openPool({
    databaseUrl: database.url,
    threads: 2,
    memoryMiB: 32,
    module: fileURLToPath(new URL('./broken-thread.fixture.js', import.meta.url)),
  })
  const log = pino({ level: 'silent' })
  const timing = { threads: 2, timeLimitMs: 60_000, renewEveryMs: 20, sweepEveryMs: 50 }
  return openWorker({ database, pool, log, owner: randomUUID(), ...timing, ...over })
}

t.test('a job is computed at the bell, with its progress', async (t) => {
  const worker = await work({ sweepEveryMs: 60_000 })
  const gate = newGate(t)
  const id = await ask({ fault: 'wait', until: gate.file })
  await until('progress', async () => (await row(id)).progress === 0.5)
  gate.open()
  t.match(await status(id, 'done'), { progress: 1, result: { fault: 'wait' }, finishedAt: Date, claimToken: null })
  await worker.close()
})

t.test('a cancelled job ends its thread, and the thread is free for others', async (t) => {
  const worker = await work({ threads: 1 })
  const tenantId = await tenant()
  const id = await ask({ fault: 'spin' }, tenantId)
  await until('it runs', async () => (await row(id)).progress === 0.25)
  await jobRepository(db, tenantId, 'backtest').cancelOrRemove(actor, id)
  await status(await ask({}), 'done')
  t.match(await row(id), { status: 'cancelled', result: null })
  await worker.close()
})

t.test('a job that takes too long fails and says so', async (t) => {
  const worker = await work({ timeLimitMs: 300 })
  t.match(await status(await ask({ fault: 'spin' }), 'failed'), { result: { error: /longer than 0.3 s/ } })
  await worker.close()
})

t.test('a job that needs too much memory fails and says so; the others go on', async (t) => {
  const worker = await work()
  const greedy = await ask({ fault: 'memory' })
  const gate = newGate(t)
  const modest = await ask({ fault: 'wait', until: gate.file })
  t.match(await status(greedy, 'failed'), { attempts: 1, result: { error: /more memory/ } })
  gate.open()
  await status(modest, 'done')
  await worker.close()
})

t.test('a job that breaks its thread is given up after three times', async (t) => {
  const worker = await work()
  for (const fault of ['throw', 'exit']) {
    const job = await status(await ask({ fault }), 'failed')
    t.match(job, { attempts: 3, result: { error: /broke 3 times/ } }, fault)
  }
  await worker.close()
})

t.test('a job whose worker died each time is given up after three times', async (t) => {
  const id = await ask({})
  await db
    .update(jobs)
    .set({ status: 'running', attempts: 3, claimToken: randomUUID(), claimUntil: sql`now() - interval '1 second'` })
    .where(eq(jobs.id, id))
  const worker = await work()
  t.match(await status(id, 'failed'), { result: { error: /broke 3 times/ } })
  await worker.close()
})

t.test('a worker that ends hands its jobs back as if they had not been begun', async (t) => {
  const first = await work()
  const gate = newGate(t)
  const id = await ask({ fault: 'wait', until: gate.file })
  await until('it runs', async () => (await row(id)).progress === 0.5)
  await first.close()
  t.match(await row(id), { status: 'queued', attempts: 0, progress: 0, claimToken: null })
  const second = await work()
  gate.open()
  t.match(await status(id, 'done'), { attempts: 1 })
  await second.close()
})

t.test('one tenant leaves a thread to the others', async (t) => {
  const worker = await work()
  const busy = await tenant()
  const long = [await ask({ fault: 'spin' }, busy), await ask({ fault: 'spin' }, busy, 'simulation')]
  await until('one runs', async () => (await row(long[0]!)).status === 'running')
  await status(await ask({}), 'done')
  t.equal((await row(long[1]!)).status, 'queued')
  await worker.close()
})
