import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@sath/db'
import { type EmbeddedPostgres, EmbeddedPostgresError, startPostgres } from '@sath/embedded-postgres'
import { until } from '@sath/testkit'
import t from 'tap'
import { keepPostgres } from './keep-postgres.js'

t.test('a server that is killed comes back where it was, with what was committed', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'sath-home-'))
  t.teardown(() => rmSync(home, { recursive: true, force: true }))
  const options = { home, maxConnections: 10 }
  const first = await startPostgres(options)
  const said: string[] = []
  const kept = keepPostgres(
    first,
    (port) => startPostgres({ ...options, port }),
    (line) => said.push(line),
  )
  t.teardown(() => kept.stop())
  const database = openDatabase(first.url(), { max: 1 })
  await database.sql`create table kept as select 7 as seven`
  process.kill(first.pid, 'SIGKILL')
  await until('the death is seen', () => said.length === 1)
  await until(
    'an answer from the same address',
    async () => (await database.sql`select seven from kept`.catch(() => []))[0]?.seven === 7,
    { everyMs: 50 },
  )
  t.same(said, ['The database ended by itself; starting it again.'])
  await database.close()
  await kept.stop()
})

/** A server that only lives and dies. */
function pretended(): EmbeddedPostgres & { die(): void } {
  let die = () => {}
  const exited = new Promise<void>((resolve) => {
    die = resolve
  })
  return { pid: 1, port: 5_000, dataDirectory: '', url: () => '', stop: async () => die(), exited, die: () => die() }
}

t.test('one that keeps dying is given up, and one that cannot start says why', async (t) => {
  const servers = [pretended(), pretended(), pretended(), pretended(), pretended()]
  const ports: number[] = []
  const next = async (port: number) => {
    ports.push(port)
    return servers[ports.length]!
  }
  const kept = keepPostgres(servers[0]!, next, () => {})
  for (const server of servers) server.die()
  t.equal(await kept.lost, 'The database ended by itself 5 times in a row.')
  t.same(ports, [5_000, 5_000, 5_000, 5_000])

  const full = new EmbeddedPostgresError('disk-full', 'The disk is full.')
  const last = pretended()
  const without = keepPostgres(
    last,
    () => Promise.reject(full),
    () => {},
  )
  last.die()
  t.equal(await without.lost, 'The disk is full.')
  await without.stop()
})

t.test('asked to stop while it starts again, it stops that one too', async (t) => {
  const [first, second] = [pretended(), pretended()]
  let begun = (_server: EmbeddedPostgres) => {}
  const kept = keepPostgres(
    first,
    () =>
      new Promise((resolve) => {
        begun = resolve
      }),
    () => {},
  )
  first.die()
  await first.exited
  const stopped = kept.stop()
  begun(second)
  await stopped
  await second.exited
  t.pass('nothing is left running')
})
