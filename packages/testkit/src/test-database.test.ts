import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import t from 'tap'
import { testDatabase } from './test-database.js'

const migrationsHash = randomUUID()
let migrated = 0
const migrate = async (url: string) => {
  migrated++
  const sql = postgres(url, { max: 1 })
  await sql`create table things (n int)`
  await sql.end()
}

t.test('gives each caller a migrated database of its own', async (t) => {
  const [one, two] = await Promise.all([1, 2].map(() => testDatabase(t, { migrate, migrationsHash })))
  const sql = postgres(one!.url, { max: 1 })
  await sql`insert into things values (1)`
  await sql.end()
  const other = postgres(two!.url, { max: 1 })
  const rows = await other`select * from things`
  await other.end()
  t.same([...rows], [], 'what one writes the other does not see')
  t.equal(migrated, 1, 'the migrations ran once for both')
})

t.test('builds a new template when the migrations change', async (t) => {
  await testDatabase(t, { migrate, migrationsHash: `${migrationsHash}-changed` })
  t.equal(migrated, 2)
})

t.test('leaves no half-built template behind a failed migration', async (t) => {
  const options = { migrationsHash: `${migrationsHash}-broken`, migrate: () => Promise.reject(new Error('broken')) }
  await t.rejects(testDatabase(t, options), { message: 'broken' })
  await t.rejects(testDatabase(t, options), { message: 'broken' }, 'the next caller migrates again')
})

t.test('drops the database', async (t) => {
  const { url, drop } = await testDatabase(t, { migrate, migrationsHash })
  await drop()
  const sql = postgres(url, { max: 1 })
  await t.rejects(sql`select 1`, { code: '3D000' })
  await sql.end()
})

t.test('lets nobody in without the password', async (t) => {
  const { url } = await testDatabase(t, { migrate, migrationsHash })
  const guessed = new URL(url)
  guessed.password = 'guessed'
  const sql = postgres(guessed.href, { max: 1 })
  await t.rejects(sql`select 1`, { code: '28P01' })
  await sql.end()
})
