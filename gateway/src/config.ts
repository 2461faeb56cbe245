import { hostname } from 'node:os'
import { z } from 'zod'

/** An empty variable is an absent one. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.union([z.literal('').transform(() => undefined), schema]).optional()

const Environment = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
  REDIS_URL: optional(z.url({ protocol: /^rediss?$/ })),
  /** Bots of this node are ours. */
  SATH_NODE: z.string().min(1).default(hostname()),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  VAULT_PRIVATE_FILE: z.string().min(1),
  /** Each unfinished run has its directory below it; nobody but us may enter it. */
  SATH_SOCKET_ROOT: z.string().regex(/^\//, 'must be an absolute path'),
  SATH_FEED: z.string().min(1).default('auto'),
  INFLUX_URL: optional(z.url({ protocol: /^https?$/ })),
  INFLUX_TOKEN: z.string().default(''),
  INFLUX_ORG: z.string().default('sath'),
  INFLUX_BUCKET: z.string().default('sath'),
})
export type Config = z.infer<typeof Environment>

/** Reads the environment once, at start. Names all that is wrong, then throws. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Environment.safeParse(env)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`Invalid configuration of the gateway: ${faults.join('; ')}`)
}
