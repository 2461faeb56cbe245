import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@sath/db'
import { freePort, type Teardown } from '@sath/testkit'
import t from 'tap'
import { outdated } from './backups.js'
import { loadConfig } from './config.js'
import { readyDatabase } from './database.js'
import { lockHome } from './lock-home.js'

function home(t: Teardown): string {
  // Below /tmp itself, where PostgreSQL's own user may go.
  const folder = mkdtempSync(join(tmpdir(), 'sath-home-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

t.test('before a migration of a database that holds something its files are copied', async (t) => {
  const folder = home(t)
  const config = loadConfig({ SATH_HOME: folder }, '/')
  const said: string[] = []
  const first = await readyDatabase(config, (line) => said.push(line))
  t.same([said, readdirSync(folder).includes('backups')], [[], false], 'the first start has nothing to lose')
  const database = openDatabase(first.url, { max: 1 })
  await database.sql`delete from drizzle.__drizzle_migrations
    where id = (select max(id) from drizzle.__drizzle_migrations)`
  await database.close()
  await first.stop()

  const older = [1, 2, 3].map((day) => `before-migration-1-2026-01-0${day}T10-00-00-000Z`)
  for (const name of older) mkdirSync(join(folder, 'backups', name), { recursive: true })
  // The migration that was forgotten finds what it would make, so this one fails; the copy is what counts then.
  const error = await readyDatabase(config, (line) => said.push(line)).catch((error: unknown) => error)
  t.match(error, { name: 'StartError', message: /^The database cannot be used: [^\n]* already exists[^\n]*\.$/ })
  const copies = readdirSync(join(folder, 'backups'))
  const [copy = ''] = copies.filter((name) => !older.includes(name))
  t.match(copy, /^before-migration-\d+-\d{4}-[\dTZ-]+$/)
  t.match(said, { length: 1, 0: `${folder}/backups/${copy}` })
  t.ok(existsSync(join(folder, 'backups', copy, 'PG_VERSION')), 'a whole data directory')
  t.notOk(existsSync(join(folder, 'postgres', 'data', 'postmaster.pid')), 'and nothing is left running')
  t.same(copies.filter((name) => older.includes(name)).sort(), older.slice(1), 'the newest three are kept')
})

t.test('the oldest copies go by their time, halves at once, and other files never', (t) => {
  const at = (n: number, day: number) => `before-migration-${n}-2026-01-0${day}T10-00-00-000Z`
  t.same(outdated([at(9, 1), at(10, 2), at(11, 3), at(2, 4), `${at(3, 5)}.new`, 'mine', 'before-migration-notes']), [
    `${at(3, 5)}.new`,
    at(9, 1),
  ])
  t.end()
})

t.test('a database elsewhere that does not answer is one sentence', async (t) => {
  const port = await freePort()
  const config = loadConfig({ SATH_HOME: home(t), DATABASE_URL: `postgres://x:secret@127.0.0.1:${port}/x` }, '/')
  const error = await readyDatabase(config, () => {}).catch((error: unknown) => error)
  t.match(error, { name: 'StartError', message: /^The database cannot be used: [^\n]*ECONNREFUSED[^\n]*\.$/ })
  t.notMatch((error as Error).message, /secret/)
})

t.test('one Sath on one home, also with a database elsewhere', async (t) => {
  const folder = home(t)
  const unlock = lockHome(folder)
  t.throws(() => lockHome(folder), { name: 'StartError', message: /^Another Sath is already running on .*\.$/ })
  unlock()
  lockHome(folder)()
})
