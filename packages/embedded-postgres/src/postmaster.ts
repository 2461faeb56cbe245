import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { commandLine, isAlive } from './processes.js'

/** What `postmaster.pid` says about the server that wrote it. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  readonly ready: boolean
}

/** The server noted in a data directory; undefined when none is. Lines as in PostgreSQL's miscadmin.h. */
export function readPostmaster(dataDirectory: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Whether the noted process is a PostgreSQL that serves this data directory: after a reboot the number may have gone to any
 * other program, which must not be touched.
 */
export async function servesDirectory({ pid, port }: Postmaster, dataDirectory: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  const command = commandLine(pid)
  if (command !== undefined) return command.includes('postgres') && command.includes(`-D ${dataDirectory} `)
  return await answersLikePostgres(port)
}

/** Waits until a process is gone; false when it is still there after `timeoutMs`. */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs
  while (isAlive(pid)) {
    if (performance.now() > until) return false
    await delay(10)
  }
  return true
}

/** Asks for encryption the PostgreSQL way (SSLRequest, code 80877103): only PostgreSQL answers S or N. */
function answersLikePostgres(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 })
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', () => socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])))
    socket.once('data', (data) => answer(data[0] === 0x53 || data[0] === 0x4e))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(false))
  })
}
