import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '@sath/testkit'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { startPresence } from './presence.js'
import { programs } from './schema/index.js'
import { openTestDatabase } from './testing.js'

interface Ended {
  readonly code: number
  readonly said: string
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const file = fileURLToPath(new URL(command, import.meta.url))
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file, ...args], { env }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, said: stdout + stderr })
    })
  })
}

t.test('main-migrate brings an empty database up to date, and does it again without harm', async (t) => {
  const { url } = await testDatabase(t, { migrate: async () => {}, migrationsHash: 'empty' })
  for (const _ of ['first', 'again']) {
    t.strictSame(await run('main-migrate.js', [], { DATABASE_URL: url }), { code: 0, said: 'The database is ready.\n' })
  }
  t.match(await run('main-healthy.js', ['gateway'], { DATABASE_URL: url }), { code: 1, said: '' }, 'it has the tables')
})

t.test('main-migrate says in one sentence that it cannot', async (t) => {
  const nobody = 'postgres://sath:canary-password@127.0.0.1:1/sath'
  const { code, said } = await run('main-migrate.js', [], { DATABASE_URL: nobody })
  t.equal(code, 1)
  t.match(said, /^The database cannot be migrated: .*ECONNREFUSED.*\n$/)
  t.notMatch(said, 'canary')
  t.equal((await run('main-migrate.js', [], {})).code, 64)
})

t.test('main-healthy knows who serves', async (t) => {
  const { db, url } = await openTestDatabase(t)
  const healthy = async (name: string, node = 'here') => {
    return (await run('main-healthy.js', [name], { DATABASE_URL: url, SATH_NODE: node })).code === 0
  }
  const gateway = await startPresence(db, { name: 'gateway', node: 'here' })
  t.teardown(() => gateway.end())
  t.notOk(await healthy('gateway'), 'starting is not serving')
  await gateway.ready()
  t.ok(await healthy('gateway'))
  t.notOk(await healthy('orchestrator'), 'another program')
  t.notOk(await healthy('gateway', 'elsewhere'), 'another node')
  await db.update(programs).set({ seenAt: sql`now() - interval '21 seconds'` })
  t.notOk(await healthy('gateway'), 'gone quiet')
  const nobody = { DATABASE_URL: 'postgres://sath@127.0.0.1:1/sath' }
  t.equal((await run('main-healthy.js', ['gateway'], nobody)).code, 1, 'no database')
})
