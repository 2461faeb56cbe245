import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { StartError } from './start-error.js'

/** What `npm start` honours, read once. Paths are absolute. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly home: string
  readonly tenantsDir: string
  readonly socketRoot: string
  readonly engine: string
  readonly feed: string
  readonly node: string
  readonly logLevel: string
  readonly adminEmail: string
  readonly adminPassword: string | undefined
  /** Absent: the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined
  /** Settings that are handed on untouched, by the program that may see them. */
  readonly shared: Readonly<Record<string, string>>
  readonly apiOnly: Readonly<Record<string, string>>
  readonly orchestratorOnly: Readonly<Record<string, string>>
  readonly workerOnly: Readonly<Record<string, string>>
}

type Environment = Readonly<Record<string, string | undefined>>

const sharedNames = ['REDIS_URL', 'INFLUX_URL', 'INFLUX_TOKEN', 'INFLUX_ORG', 'INFLUX_BUCKET']
const apiNames = [
  'SMTP_URL',
  'MAIL_FROM',
  'PUBLIC_URL',
  'TRUST_PROXY',
  'RATE_LIMIT_USER',
  'RATE_LIMIT_LOGIN',
  'RATE_LIMIT_REGISTER',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'STRIPE_API_BASE',
  'BILLING_GRACE_DAYS',
]
const orchestratorNames = ['DOCKER_HOST', 'BOT_BUNDLE']
const workerNames = ['WORKER_THREADS', 'WORKER_MEMORY_MIB', 'WORKER_TIME_LIMIT']
const engines = ['auto', 'docker', 'process']
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** @throws StartError naming all that is wrong, and the fix */
export function loadConfig(env: Environment, cwd: string): Config {
  const faults = faultsOf(env)
  if (faults.length > 0) throw new StartError(faults.join(' '))
  const home = resolve(cwd, env.SATH_HOME || '.sath')
  return {
    host: env.HOST || '127.0.0.1',
    port: Number(env.PORT || '8080'),
    home,
    tenantsDir: resolve(cwd, env.SATH_TENANTS_DIR || 'tenants'),
    socketRoot: socketRootOf(env, home),
    engine: env.SATH_ENGINE || 'auto',
    feed: feedOf(env.SATH_FEED || 'auto', cwd),
    node: env.SATH_NODE || hostname(),
    logLevel: env.LOG_LEVEL || 'info',
    adminEmail: env.SATH_ADMIN_EMAIL || 'admin@sath.local',
    adminPassword: env.SATH_ADMIN_PASSWORD || undefined,
    databaseUrl: env.DATABASE_URL || undefined,
    shared: pick(env, sharedNames),
    apiOnly: pick(env, apiNames),
    orchestratorOnly: pick(env, orchestratorNames),
    workerOnly: pick(env, workerNames),
  }
}

/** One sentence for each setting that is wrong. The words of an address are never repeated: they hold a password. */
function faultsOf({ PORT, SATH_ENGINE, DATABASE_URL, LOG_LEVEL }: Environment): string[] {
  const faults: string[] = []
  const port = Number(PORT || '8080')
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    faults.push(`PORT must be a number from 1 to 65535, not "${PORT}".`)
  if (SATH_ENGINE === 'swarm') faults.push('SATH_ENGINE=swarm is not built yet; use docker, process or auto.')
  else if (SATH_ENGINE && !engines.includes(SATH_ENGINE))
    faults.push(`SATH_ENGINE must be one of ${engines.join(', ')}, not "${SATH_ENGINE}".`)
  if (DATABASE_URL && !/^postgres(ql)?:\/\/./.test(DATABASE_URL))
    faults.push('DATABASE_URL must be an address such as postgres://user:password@host:5432/name.')
  if (LOG_LEVEL && !logLevels.includes(LOG_LEVEL))
    faults.push(`LOG_LEVEL must be one of ${logLevels.join(', ')}, not "${LOG_LEVEL}".`)
  return faults
}

/** Files of a replay are named from where the person stands, and the gateway stands elsewhere. */
function feedOf(text: string, cwd: string): string {
  if (!text.startsWith('replay:')) return text
  const [files = '', query] = text.slice('replay:'.length).split('?')
  const absolute = files.split(',').map((file) => resolve(cwd, file))
  return `replay:${absolute.join(',')}${query === undefined ? '' : `?${query}`}`
}

/** Short, because a socket's path has at most 107 bytes; named after the home, because two homes may run side by side. */
function socketRootOf(env: Environment, home: string): string {
  if (env.SATH_SOCKET_ROOT) return resolve(env.SATH_SOCKET_ROOT)
  const name = createHash('sha256').update(home).digest('hex').slice(0, 12)
  if (env.XDG_RUNTIME_DIR && existsSync(env.XDG_RUNTIME_DIR)) return join(env.XDG_RUNTIME_DIR, 'sath', name)
  if (userInfo().uid === 0 && existsSync('/run')) return join('/run/sath', name)
  return join(tmpdir(), `sath-${userInfo().uid}`, name)
}

function pick(env: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}
