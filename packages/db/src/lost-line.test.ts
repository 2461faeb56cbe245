import { type AddressInfo, connect, createServer } from 'node:net'
import { tcpProxy } from '@sath/testkit'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { openDatabase } from './client.js'
import { isLineLost } from './lost-line.js'
import { ownedSocket } from './owned-socket.js'
import { isPlanOutdated } from './sql-state.js'
import { openTestDatabase } from './testing.js'

t.test('when lines are reset every statement settles, and no answer goes to another', async (t) => {
  const { url } = await openTestDatabase(t)
  const target = new URL(url)
  const line = await tcpProxy(t, { host: target.hostname, port: Number(target.port) })
  const through = new URL(url)
  through.port = String(line.port)
  const { db, sql: pool } = openDatabase(through.href, { max: 4 })
  t.teardown(() => pool.end({ timeout: 0 }))
  let answered = 0
  let failed = 0
  const ask = async (who: string) => {
    const [row] = await db.execute<{ who: string }>(sql`select ${who}::text as who`)
    t.equal(row?.who, who)
  }
  /** Tries again at once, so that it also meets the moment in which a line is broken and not yet closed. */
  async function worker(name: number, until: number): Promise<void> {
    for (let n = 0; answered < until; n++) {
      try {
        const who = `${name}:${n}`
        await (name % 3 === 0 ? db.transaction(() => ask(who)) : ask(who))
        answered++
      } catch {
        failed++
      }
    }
  }
  for (let round = 1; round <= 3; round++) {
    const working = Array.from({ length: 8 }, (_, name) => worker(name, round * 200))
    await ask('before')
    line.reset()
    line.heal()
    await Promise.all(working)
  }
  t.ok(failed > 0, 'lines were lost under way')
})

t.test('a line that is lost at its first statement fails that statement, and nothing else', async (t) => {
  const { url } = await openTestDatabase(t)
  const target = new URL(url)
  let lines = 0
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    const isFirst = lines++ === 0
    let isReady = false
    far.on('data', (data) => {
      // ReadyForQuery: the length 5, then idle.
      isReady ||= data.includes(Buffer.from('Z\0\0\0\x05I', 'latin1'))
      near.write(data)
    })
    near.on('data', (data) => (isFirst && isReady ? near.resetAndDestroy() : far.write(data)))
    near.on('error', () => {})
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const through = new URL(url)
  through.port = String((server.address() as AddressInfo).port)
  const { db, close } = openDatabase(through.href, { max: 1 })
  t.teardown(close)
  const read = () => db.execute(sql`select 1 as n`)
  const error = await read().catch((error: unknown) => error)
  t.ok(isLineLost(error))
  // A rejection that nobody awaits would end the process; tap fails the file with it.
  t.same([...(await read())], [{ n: 1 }])
  t.equal(lines, 2)
})

t.test('a socket that was reset tells of its close as of one without an error', async (t) => {
  const server = createServer((socket) => socket.resetAndDestroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const socket = ownedSocket({ host: ['127.0.0.1'], port: [(server.address() as AddressInfo).port] })
  socket.on('error', () => {})
  t.equal(await new Promise((resolve) => socket.on('close', resolve)), false)
})

t.test('a schema that changes under prepared statements', async (t) => {
  const { url, db: other } = await openTestDatabase(t)
  const { db, close } = openDatabase(url, { max: 1 })
  t.teardown(close)
  await other.execute(sql`create table x as select 1 as n`)
  const read = (from: Pick<typeof db, 'execute'>) => from.execute<{ n: unknown }>(sql`select * from x where ${1} = 1`)
  const widen = (type: string) => other.execute(sql.raw(`alter table x alter column n type ${type}`))
  t.same([...(await read(db))], [{ n: 1 }])
  await widen('bigint')
  t.same([...(await read(db))], [{ n: '1' }], 'is no error')
  await widen('text')
  const inside = () => db.transaction((tx) => read(tx))
  t.ok(isPlanOutdated(await inside().catch((error: unknown) => error)), 'but in a transaction, once')
  t.same([...(await inside())], [{ n: '1' }])
})
