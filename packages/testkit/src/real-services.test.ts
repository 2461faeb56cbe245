import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { realInflux } from './real-influx.js'
import { realRedis } from './real-redis.js'
import { tcpProxy } from './tcp-proxy.js'
import { until } from './until.js'

t.test('starts a real Redis, and again on the same address', async (t) => {
  const redis = await realRedis(t)
  if (!redis) return t.pass('redis-server is not installed', { skip: 'redis-server is not installed' })
  const port = Number(new URL(redis.url).port)
  const ask = async (command: string) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${command}\r\n`)
    const [answer] = await once(socket, 'data')
    socket.destroy()
    return String(answer).trim()
  }
  t.equal(await ask('SET a 1'), '+OK')
  await redis.stop()
  await t.rejects(ask('PING'), { code: 'ECONNREFUSED' })
  await redis.start()
  t.equal(await ask('GET a'), '$-1', 'nothing is kept')
})

t.test('starts a real InfluxDB that takes the write call of version 2', async (t) => {
  const influx = await realInflux(t, ['metrics'])
  if (!influx) return t.pass('influxd is not installed', { skip: 'influxd is not installed' })
  const write = (bucket: string, token: string, precision: string, lines: string) =>
    fetch(`${influx.url}/api/v2/write?org=sath&bucket=${bucket}&precision=${precision}`, {
      method: 'POST',
      headers: { authorization: `Token ${token}`, 'content-encoding': 'gzip' },
      body: gzipSync(lines),
    })
  t.equal((await write('metrics', influx.token, 'ms', 'm,tenant=a v=1.5 1700000000000')).status, 204)
  t.same(await influx.query('metrics', 'select v from m'), [{ time: '2023-11-14T22:13:20Z', v: 1.5 }])
  t.equal((await write('metrics', influx.token, 'us', 'm,tenant=a v=2 1700000000000001')).status, 204)
  t.equal((await influx.query('metrics', 'select v from m')).length, 2)
  t.equal((await write('metrics', 'wrong', 'ms', 'm v=1')).status, 401)
  t.equal((await write('missing', influx.token, 'ms', 'm v=1')).status, 404)
  await influx.stop()
  await t.rejects(write('metrics', influx.token, 'ms', 'm v=1'))
  await influx.start()
  t.equal((await influx.query('metrics', 'select v from m')).length, 2, 'the points are still there')
})

t.test('a line with faults', async (t) => {
  const echo = createServer((socket: Socket) => socket.on('error', () => {}).pipe(socket))
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  t.teardown(() => echo.close())
  const { port } = echo.address() as { port: number }
  const proxy = await tcpProxy(t, { host: '127.0.0.1', port })
  const open = async () => {
    const socket = connect(proxy.port, '127.0.0.1')
    await once(socket, 'connect')
    return socket
  }
  const first = await open()
  first.write('hello')
  t.equal(String((await once(first, 'data'))[0]), 'hello', 'passes bytes on')

  proxy.delay(50)
  const sent = performance.now()
  first.write('late')
  t.equal(String((await once(first, 'data'))[0]), 'late')
  t.ok(performance.now() - sent >= 98, 'late in both directions')
  proxy.delay(0)

  proxy.goSilent()
  let heard = false
  first.on('data', () => {
    heard = true
  })
  first.write('lost')
  proxy.heal()
  const second = await open()
  second.write('found')
  await once(second, 'data')
  t.notOk(heard, 'a line that went dead stays dead, a new one works')

  first.on('error', () => {})
  proxy.reset()
  await t.rejects(once(second, 'data'), { code: 'ECONNRESET' })
  proxy.heal()
  const third = await open()
  proxy.cut()
  await once(third.resume(), 'close')
  await until('no connection to be open', () => proxy.connections === 0)
})
