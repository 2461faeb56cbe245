import { createConnection, type Socket } from 'node:net'

interface Address {
  readonly host: readonly string[]
  readonly port: readonly number[]
  readonly path?: string | false
}

/**
 * The socket of a line to Postgres that tells postgres.js of its end as the driver needs to hear it. Between the error of a
 * socket and its close the driver may still give it a statement, and on a close "after an error" (3.4.9, `closed`) it takes
 * for granted that everybody has been told: that statement would never settle. A close that knows of no error makes it reject
 * whatever is left. Not for TLS, which the driver wraps in a socket of its own.
 */
export function ownedSocket({ host, port, path }: Address): Socket {
  const [first = 'localhost'] = host
  const socket = path ? createConnection(path) : createConnection(port[0] ?? 5432, first)
  const emit = socket.emit.bind(socket) as (event: string, ...args: unknown[]) => boolean
  socket.emit = (event: string, ...args: unknown[]) => (event === 'close' ? emit(event, false) : emit(event, ...args))
  // The driver names the server by these in its errors.
  return Object.assign(socket, { host: first, port: port[0] })
}
