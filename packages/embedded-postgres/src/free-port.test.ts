import { once } from 'node:events'
import { createServer } from 'node:net'
import t from 'tap'
import { freePort } from './free-port.js'

t.test('ports that are free, each once, and none that a system gives away by itself', async (t) => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort))
  t.equal(new Set(ports).size, 50)
  t.ok(ports.every((port) => port >= 20_000 && port < 32_000))
  for (const port of ports.slice(0, 3)) {
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    server.close()
  }
})
