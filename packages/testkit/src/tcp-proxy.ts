import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net'
import type { Teardown } from './teardown.js'

export interface TcpProxy {
  readonly port: number
  /** Connections that are open now. */
  readonly connections: number
  /** Each direction is late by so many ms from now on. */
  delay(ms: number): void
  /** Closes every connection and refuses new ones until healed. */
  cut(): void
  /**
   * The same with a reset. Where the other end may close at the same time Node 20.20 leaves a request behind, and spins when
   * the process ends.
   */
  reset(): void
  /** Swallows everything in both directions; connections stay open and new ones open too: a dead line nobody notices. */
  goSilent(): void
  /** Back to normal for new connections; silent ones stay as they are, as after a real outage. */
  heal(): void
}

/** A TCP line with faults, on 127.0.0.1, to the given target. */
export async function tcpProxy(t: Teardown, target: NetConnectOpts): Promise<TcpProxy> {
  const open = new Set<Socket>()
  const deaf = new WeakSet<Socket>()
  let latencyMs = 0
  let refusing = false
  let silent = false

  function relay(from: Socket, to: Socket) {
    open.add(from)
    from.on('data', (chunk) => {
      if (deaf.has(from)) return
      if (latencyMs === 0) to.write(chunk)
      else setTimeout(() => !to.destroyed && to.write(chunk), latencyMs)
    })
    from.on('end', () => {
      if (!deaf.has(from)) setTimeout(() => to.end(), latencyMs)
    })
    from.on('error', () => to.destroy())
    from.on('close', () => {
      open.delete(from)
      if (!deaf.has(from)) to.destroySoon()
    })
  }

  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (refusing) {
      near.destroy()
      return
    }
    const far = connect({ ...target, allowHalfOpen: true })
    if (silent) deaf.add(near).add(far)
    relay(near, far)
    relay(far, near)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const cutAll = () => {
    for (const socket of open) socket.destroy()
  }
  t.teardown(() => {
    cutAll()
    server.close()
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get connections() {
      return open.size / 2
    },
    delay: (ms) => {
      latencyMs = ms
    },
    cut: () => {
      refusing = true
      cutAll()
    },
    reset: () => {
      refusing = true
      // A Unix socket of the target knows no reset.
      for (const socket of open) socket.remoteAddress ? socket.resetAndDestroy() : socket.destroy()
    },
    goSilent: () => {
      silent = true
      for (const socket of open) deaf.add(socket)
    },
    heal: () => {
      refusing = false
      silent = false
    },
  }
}
