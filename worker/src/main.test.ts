import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { oddsPresets, simulate } from '@sath/backtest'
import { jobRepository, jobs, programs, userRepository } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { until } from '@sath/testkit'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { loadConfig } from './config.js'

const main = fileURLToPath(new URL('./main.js', import.meta.url))

t.test('the configuration names all that is wrong', async (t) => {
  t.throws(() => loadConfig({ DATABASE_URL: 'x', WORKER_THREADS: '0' }), /DATABASE_URL: .*WORKER_THREADS: /)
  const { WORKER_THREADS, WORKER_TIME_LIMIT } = loadConfig({ DATABASE_URL: 'postgres://x', WORKER_THREADS: '' })
  t.ok(WORKER_THREADS >= 2)
  t.equal(WORKER_TIME_LIMIT, 300)
})

t.test('a job outlives its worker, killed or ended, and is finished once', async (t) => {
  const { db, url } = await openTestDatabase(t)
  const start = async (): Promise<ChildProcess> => {
    const env = { PATH: process.env.PATH, DATABASE_URL: url, SATH_NODE: 'n', LOG_LEVEL: 'silent', WORKER_THREADS: '1' }
    const child = fork(main, [], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    t.teardown(() => child.kill('SIGKILL'))
    await until('it serves', async () => {
      const [message] = (await once(child, 'message')) as [{ sath: string }]
      return message.sath === 'ready'
    })
    return child
  }
  const user = await userRepository(db).create({ email: 'a@example.com', passwordHash: 'x' })
  const own = jobRepository(db, user!.id, 'simulation')
  // Takes some seconds.
  const { winRate, ...odds } = { ...oddsPresets[0]!.input, cycles: 1_000, scenarios: 30_000 }
  const { id } = await own.request(
    { id: null, address: null, agent: null },
    {
      odds,
      exact: false,
      winRate: { origin: 'given', value: winRate },
    },
  )
  const row = async () => (await db.select().from(jobs).where(eq(jobs.id, id)))[0]!
  const underWay = () =>
    until('progress', async () => {
      const job = await row()
      return job.status === 'running' && job.progress > 0 && job
    })

  const killed = await start()
  t.match(await db.select().from(programs), [{ name: 'worker', node: 'n', readyAt: Date }])
  const first = await underWay()
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  // What the time would do.
  await db.update(jobs).set({ claimUntil: sql`now() - interval '1 second'` }).where(eq(jobs.id, id))

  const ended = await start()
  const second = await underWay()
  t.not(second.claimToken, first.claimToken)
  t.equal(second.attempts, 2)
  ended.kill('SIGTERM')
  const [code] = await once(ended, 'exit')
  t.equal(code, 0)
  t.match(await row(), { status: 'queued', attempts: 1, progress: 0 }, 'handed back as if it had not been begun again')
  t.equal(await db.$count(programs, eq(programs.name, 'worker')), 1, 'only the killed one could not sign off')

  await start()
  const done = await until('the end', async () => {
    const job = await row()
    return job.finishedAt && job
  })
  t.match(done, { status: 'done', attempts: 2, progress: 1 })
  t.same(done.result?.monteCarlo, JSON.parse(JSON.stringify(simulate({ ...oddsPresets[0]!.input, ...odds }))))
  t.equal((await own.list({}, { limit: 10 })).items.length, 1)
})
