import { createServer } from 'node:net'

/** Below what systems give to outgoing connections and to servers without a wish: none of those takes it meanwhile. */
const [lowest, beyond] = [20_000, 32_000]
const attempts = 1_000
const given = new Set<number>()

/**
 * A TCP port on 127.0.0.1 that is free now, another one each time. Another program may take it before you do: be ready to ask
 * again.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = lowest + Math.floor(Math.random() * (beyond - lowest))
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
  throw new Error(`no TCP port from ${lowest} to ${beyond - 1} is free`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    )
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
