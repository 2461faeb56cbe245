import { chmodSync, mkdirSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The directories whose mount is a run's identity: one for each, below a root that only we may enter. A run's own directory
 * lets everybody pass but nobody look, so that the bot, another user inside of its container, reaches the socket.
 */
export function prepareSocketRoot(root: string): void {
  mkdirSync(root, { recursive: true })
  chmodSync(root, 0o700)
}

export function socketDir(root: string, runId: string): string {
  return join(root, runId)
}

export async function makeSocketDir(root: string, runId: string): Promise<string> {
  const dir = socketDir(root, runId)
  await mkdir(dir, { recursive: true, mode: 0o711 })
  return dir
}

export async function removeSocketDir(root: string, runId: string): Promise<void> {
  await rm(socketDir(root, runId), { recursive: true, force: true })
}

/** Run ids that have a directory. */
export async function socketDirs(root: string): Promise<readonly string[]> {
  return (await readdir(root)).filter((name) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name))
}
