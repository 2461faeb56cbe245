import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { realRedis, tcpProxy, until } from '@sath/testkit'
import t from 'tap'
import { busContract } from './bus.contract.js'
import { ipcBus } from './ipc-bus.js'
import { ipcHub } from './ipc-hub.js'
import type { IpcEnd } from './ipc-line.js'
import { memoryBus } from './memory-bus.js'
import { redisBus } from './redis-bus.js'

t.test('memory', (t) =>
  busContract(t, async () => {
    const bus = memoryBus()
    return { here: bus, there: bus }
  }),
)

t.test('ipc', async (t) => {
  await busContract(t, async () => {
    const hub = ipcHub()
    const [here, there] = [1, 2].map(() => {
      const { parent, child } = channel()
      hub.attach(parent)
      return ipcBus({ end: child })
    })
    return { here: here!, there: there! }
  })

  await t.test('carries messages between real processes', async (t) => {
    const hub = ipcHub()
    const module = fileURLToPath(new URL('./open-bus.js', import.meta.url))
    const start = (script: string) => {
      const body = `import { openBus } from ${JSON.stringify(module)}; const bus = openBus({ log: console }); ${script}`
      const child = spawn(process.execPath, ['--input-type=module', '-e', body], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      t.teardown(() => child.kill())
      hub.attach(child)
      return child
    }
    const listener = start(`bus.subscribe('logs:', (data, topic) => process.send({ topic, data }))`)
    const heard: unknown[] = []
    listener.on('message', (message) => heard.push(message))
    start(`setInterval(() => bus.publish('logs:a', { line: 'hello' }), 10)`)
    await until('a line', () =>
      heard.some((message) => JSON.stringify(message) === '{"topic":"logs:a","data":{"line":"hello"}}'),
    )
  })

  await t.test('drops rather than piles up for a child that does not read', async (t) => {
    const hub = ipcHub()
    const unread: unknown[] = []
    const frozen = Object.assign(new EventEmitter(), {
      connected: true,
      send: (message: object) => unread.push(message) > 0,
    })
    const { parent, child } = channel()
    hub.attach(frozen)
    hub.attach(parent)
    frozen.emit('message', { sathBus: 'subscribe', filter: 'x' })
    const bus = ipcBus({ end: child })
    for (let n = 0; n < 10; n++) {
      for (let k = 0; k < 300; k++) bus.publish('x', k)
      await new Promise(setImmediate)
    }
    await until('all to pass the hub', () => unread.length + hub.dropped === 3_000)
    t.equal(unread.length, 1_000)
    t.equal(bus.dropped, 0, 'the sender, whose own line is free, is not concerned')
  })

  await t.test('counts what a parent that is gone does not get', async (t) => {
    const { child } = channel()
    const bus = ipcBus({ end: Object.assign(child, { connected: false }) })
    bus.publish('x', 1)
    t.equal(bus.dropped, 1)
  })
})

t.test('redis', async (t) => {
  const redis = await realRedis(t)
  if (!redis) return t.pass('redis-server is not installed', { skip: 'redis-server is not installed' })
  const make = () => redisBus({ url: redis.url })
  await busContract(t, async () => ({ here: make(), there: make() }))

  await t.test('goes on after Redis was away, without throwing, and counts what was lost', async (t) => {
    const [here, there] = [make(), make()]
    t.teardown(() => Promise.all([here.close(), there.close()]))
    const got = new Set<unknown>()
    there.subscribe('x:', (data) => got.add(data))
    await until('the line', () => {
      here.publish('x:1', 'before')
      return got.has('before')
    })
    await redis.stop('SIGKILL')
    // More than is kept and more than Redis could have taken: some must be lost.
    for (let n = 0; n < 3_000; n++) here.publish('x:1', 'lost')
    await until('the loss to be noticed', () => here.dropped > 0)
    there.subscribe('y', (data) => got.add(data))
    await redis.start()
    await until('both subscriptions to be back', () => {
      here.publish('x:1', 'after')
      here.publish('y', 'new')
      return got.has('after') && got.has('new')
    })
  })

  await t.test('keeps the newest thousand of an outage and sends them when the line is back', async (t) => {
    const line = await tcpProxy(t, { host: '127.0.0.1', port: Number(new URL(redis.url).port) })
    const [here, there] = [redisBus({ url: `redis://127.0.0.1:${line.port}` }), make()]
    t.teardown(() => Promise.all([here.close(), there.close()]))
    const got: unknown[] = []
    there.subscribe('x', (data) => typeof data === 'number' && got.push(data))
    let heard = false
    there.subscribe('knock', () => {
      heard = true
    })
    await until('the line', () => {
      here.publish('knock', null)
      return heard
    })
    line.cut()
    await until('the cut to be noticed', async () => {
      const before = here.dropped
      here.publish('probe', null)
      await new Promise(setImmediate)
      return line.connections === 0 && here.dropped === before
    })
    const lost = here.dropped
    for (let n = 0; n < 1_500; n++) here.publish('x', n)
    t.ok(here.dropped - lost >= 500)
    line.heal()
    await until('what was kept', () => got.length === 1_000)
    t.same([got[0], got.at(-1)], [500, 1_499])
  })
})

/** The two ends of a channel between a parent and a child, within this process. */
function channel(): { parent: IpcEnd & EventEmitter; child: IpcEnd & EventEmitter } {
  const end = () => Object.assign(new EventEmitter(), { connected: true })
  const [parent, child] = [end(), end()]
  const towards = (other: EventEmitter) => (message: object, callback: (error: Error | null) => void) => {
    const copy = JSON.parse(JSON.stringify(message))
    setImmediate(() => {
      callback(null)
      other.emit('message', copy)
    })
    return true
  }
  return {
    parent: Object.assign(parent, { send: towards(child) }),
    child: Object.assign(child, { send: towards(parent) }),
  }
}
