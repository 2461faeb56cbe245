import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { freePort } from '@sath/embedded-postgres'
import { programOnPath, type Service, service } from './service.js'
import type { Teardown } from './teardown.js'

export interface RealRedis extends Service {
  /** redis://127.0.0.1:<port>, the same after a stop and a start. */
  readonly url: string
}

/** A running Redis of its own, empty and without persistence; undefined where redis-server is not installed. */
export async function realRedis(t: Teardown): Promise<RealRedis | undefined> {
  const command = programOnPath('redis-server')
  if (!command) return undefined
  const port = await freePort()
  const redis = service({
    command,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()],
    ready: () => pong(port),
  })
  t.teardown(() => redis.stop('SIGKILL'))
  await redis.start()
  return Object.assign(redis, { url: `redis://127.0.0.1:${port}` })
}

function pong(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 }, () => socket.write('PING\r\n'))
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString().startsWith('+PONG'))
    })
    socket.once('error', reject)
    socket.once('timeout', () => socket.destroy(new Error('no answer')))
  })
}
