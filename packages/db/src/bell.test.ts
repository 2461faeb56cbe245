import { tcpProxy, until } from '@sath/testkit'
import t, { type Test } from 'tap'
import { listen } from './bell.js'
import { openDatabase } from './client.js'
import { openTestDatabase } from './testing.js'

/** A listener whose line to the database can fail; bells are rung past it, pulses are counted. */
async function listener(t: Test, pulseMs: number) {
  const { url, sql } = await openTestDatabase(t)
  const target = new URL(url)
  const line = await tcpProxy(t, { host: target.hostname, port: Number(target.port) })
  const through = new URL(url)
  through.port = String(line.port)
  const database = openDatabase(through.href)
  t.teardown(database.close)
  const at = { rung: [] as string[], listens: 0, pulses: 0 }
  const pool = new Proxy(database.sql, {
    get(of, name) {
      if (name === 'notify') at.pulses++
      return Reflect.get(of, name)
    },
  })
  const onRing = (id: string) => void at.rung.push(id)
  const unlisten = await listen(pool, 'sath_bots', onRing, () => at.listens++, pulseMs)
  t.teardown(unlisten)
  return { line, at, unlisten, ring: (id: string) => sql.notify('sath_bots', id) }
}

t.test('a line that went deaf though nobody closed it is replaced, and the listener told to sweep', async (t) => {
  const { line, at, ring, unlisten } = await listener(t, 1_000)
  await ring('heard')
  await until('the bell', () => at.rung.length === 1)
  t.equal(at.listens, 1)
  line.goSilent()
  line.heal()
  await ring('lost')
  await until('another line', () => at.listens === 2)
  await ring('heard again')
  await until('the bell on the new line', () => at.rung.includes('heard again'))
  t.same(at.rung, ['heard', 'heard again'], 'what rang on the dead line is for the sweep to find')
  await unlisten()
})

t.test('a line that hears is left alone', async (t) => {
  const { at, ring } = await listener(t, 1_000)
  await until('some pulses', () => at.pulses > 2)
  t.equal(at.listens, 1)
  await ring('1')
  await until('the bell', () => at.rung.length === 1)
})

t.test('a line that is cut comes back by itself, without waiting for a pulse', async (t) => {
  const { line, at, ring } = await listener(t, 3_600_000)
  line.cut()
  line.heal()
  await until('the line', () => at.listens > 1)
  await ring('1')
  await until('the bell', () => at.rung.includes('1'))
})
