import { fileURLToPath } from 'node:url'
import type { Config } from './config.js'
import type { KeyFiles } from './keys.js'

export type ProgramName = 'api' | 'gateway' | 'orchestrator' | 'worker'

/** One of our programs as the launcher starts it: its own main, and exactly the settings it may see. */
export interface Program {
  readonly name: ProgramName
  readonly entry: string
  readonly env: Readonly<Record<string, string>>
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * The programs in order of start; they end in reverse. The environment is what compose gives them: only the gateway learns
 * where the opening key lies, only the orchestrator how to reach Docker; the worker learns nothing but the database.
 */
export function programs(
  config: Config,
  databaseUrl: string,
  keys: KeyFiles,
  base: Readonly<Record<string, string>>,
): readonly Program[] {
  const least = {
    ...base,
    DATABASE_URL: databaseUrl,
    SATH_NODE: config.node,
    LOG_LEVEL: config.logLevel,
  }
  const common = { ...least, ...config.shared }
  const entry = (name: ProgramName) => `${root}${name}/build/main.js`
  return [
    {
      name: 'gateway',
      entry: entry('gateway'),
      env: {
        ...common,
        VAULT_PRIVATE_FILE: keys.vaultPrivate,
        SATH_SOCKET_ROOT: config.socketRoot,
        SATH_FEED: config.feed,
      },
    },
    {
      name: 'orchestrator',
      entry: entry('orchestrator'),
      env: {
        ...common,
        ...config.orchestratorOnly,
        SATH_ENGINE: config.engine,
        SATH_SOCKET_ROOT: config.socketRoot,
        SATH_TENANTS_DIR: config.tenantsDir,
      },
    },
    {
      name: 'worker',
      entry: entry('worker'),
      env: { ...least, ...config.workerOnly },
    },
    {
      name: 'api',
      entry: entry('api'),
      env: {
        ...common,
        ...config.apiOnly,
        HOST: config.host,
        PORT: String(config.port),
        JWT_SECRET_FILE: keys.jwtSecret,
        VAULT_PUBLIC_FILE: keys.vaultPublic,
        SATH_TENANTS_DIR: config.tenantsDir,
        DASHBOARD_DIR: `${root}dashboard/dist`,
        DEV_OUTBOX: 'true',
      },
    },
  ]
}

export const createAdminEntry = `${root}api/build/main-create-admin.js`
