import { chmod, lstat, mkdir, rm, rmdir, unlink } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'

/** Longest path of a Unix socket on Linux, bytes without the end mark. */
const maxPathBytes = 107

export const socketFile = 'bot.sock'

/** @throws Error in words when a run's socket would not fit under this root */
export function assertSocketRoot(root: string): void {
  const example = socketPath(root, '00000000-0000-0000-0000-000000000000')
  const bytes = Buffer.byteLength(example)
  if (bytes > maxPathBytes) {
    throw new Error(
      `SATH_SOCKET_ROOT is too long: a socket such as ${example} would have ${bytes} bytes, the system allows ${maxPathBytes}`,
    )
  }
}

export function socketPath(root: string, runId: string): string {
  return join(root, runId, socketFile)
}

export interface RunServer {
  /** Ends listening; the directory goes too when the run is over. */
  close(options?: { readonly remove: boolean }): Promise<void>
}

/** Listens in the run's own directory. The mount of that directory is the bot's identity. */
export async function listenForRun(
  root: string,
  runId: string,
  onSocket: (socket: Socket) => void,
): Promise<RunServer> {
  const path = socketPath(root, runId)
  await mkdir(join(root, runId), { recursive: true, mode: 0o711 })
  const found = await lstat(path).catch(() => undefined)
  if (found) await unlink(path)
  const server = createServer({ allowHalfOpen: false }, onSocket)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path, backlog: 16 }, resolve)
  })
  // Anybody who can get at it may connect: the bot's user in its container. The parent directory keeps everybody else out.
  await chmod(path, 0o666)
  return {
    async close({ remove } = { remove: false }) {
      await closed(server)
      if (remove) await removeRunDirectory(root, runId)
    },
  }
}

/** Takes away what a finished run leaves. A directory that is still mounted somewhere just becomes empty. */
export async function removeRunDirectory(root: string, runId: string): Promise<void> {
  await rm(socketPath(root, runId), { force: true })
  await rmdir(join(root, runId)).catch(() => {})
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
