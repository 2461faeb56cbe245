import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createKeyFiles, type KeyFiles } from '@sath/vault/open'
import { node, type Setup, type Test } from './setup.js'

const main = fileURLToPath(new URL('../main.js', import.meta.url))

export interface GatewayProcess {
  readonly keys: KeyFiles
  /** Resolves once it listens on its sockets. */
  start(): Promise<void>
  /** The exit code; null where a signal ended it. */
  kill(signal?: NodeJS.Signals): Promise<number | null>
}

/** The gateway as a process of its own, to be killed without warning. */
export async function gatewayProcess(
  t: Test,
  at: Pick<Setup, 'url' | 'socketRoot'>,
  feed: string,
  flags: readonly string[] = [],
): Promise<GatewayProcess> {
  const folder = mkdtempSync('/tmp/sath-keys-')
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const keys = { opening: join(folder, 'opening.json'), public: join(folder, 'public.json') }
  await createKeyFiles(keys)
  let child: ChildProcess | undefined
  t.teardown(() => child?.kill('SIGKILL'))
  return {
    keys,
    async start(): Promise<void> {
      const env = {
        DATABASE_URL: at.url,
        SATH_NODE: node,
        SATH_SOCKET_ROOT: at.socketRoot,
        SATH_FEED: feed,
        VAULT_PRIVATE_FILE: keys.opening,
        LOG_LEVEL: 'warn',
      }
      const started = spawn(process.execPath, [...flags, main], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      child = started
      const [said] = (await once(started, 'message')) as [{ sath: string }]
      if (said.sath === 'fatal') throw new Error(JSON.stringify(said))
    },
    async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
      const ending = child
      if (!ending) return null
      const gone = once(ending, 'exit')
      ending.kill(signal)
      const [code] = (await gone) as [number | null]
      return code
    },
  }
}
