import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const bundle = fileURLToPath(new URL('../../bot-runtime/dist/bot.cjs', import.meta.url))
/** Node and the kernel know Unix sockets by at most 107 bytes; a run's own part takes 46 of them. */
const maxRootBytes = 60

const Config = z.object({
  DATABASE_URL: z.string().min(1, 'is needed'),
  REDIS_URL: z.string().min(1).optional(),
  SATH_NODE: z.string().min(1).default(hostname()),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SATH_ENGINE: z.enum(['auto', 'docker', 'process']).default('auto'),
  DOCKER_HOST: z.string().min(1).optional(),
  SATH_SOCKET_ROOT: z
    .string()
    .refine(isAbsolute, 'must be an absolute path')
    .refine((path) => Buffer.byteLength(path) <= maxRootBytes, `must have at most ${maxRootBytes} bytes`),
  SATH_TENANTS_DIR: z
    .string()
    .min(1)
    .transform((path) => resolve(path)),
  BOT_BUNDLE: z
    .string()
    .default(bundle)
    .refine((path) => existsSync(path), 'is not there: build the bot first (node bot-runtime/scripts/bundle.mjs)'),
})
export type Config = z.infer<typeof Config>

/** The environment is wrong; the message names everything that is. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Reads the environment once, at start. @throws ConfigError */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const { success, data, error } = Config.safeParse(set)
  if (success) return data
  const faults = error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  throw new ConfigError(`The orchestrator's configuration is wrong: ${faults.join('; ')}`)
}
