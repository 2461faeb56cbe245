import { availableParallelism, hostname } from 'node:os'
import { z } from 'zod'

/** One core is left to those who trade; more than 8 at once is for who asks for it. */
const threads = Math.min(Math.max(2, availableParallelism() - 1), 8)

const Environment = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
  SATH_NODE: z.string().min(1).default(hostname()),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Jobs computed at once, each in a thread of its own. */
  WORKER_THREADS: z.coerce.number().int().min(1).max(64).default(threads),
  /** Most memory of a thread's heap, MiB. */
  WORKER_MEMORY_MIB: z.coerce.number().int().min(32).max(16_384).default(512),
  /** A job that takes longer fails, seconds. */
  WORKER_TIME_LIMIT: z.coerce.number().positive().max(86_400).default(300),
})
export type Config = z.infer<typeof Environment>

/** Reads the environment once, at start. An empty variable is an absent one. Names all that is wrong, then throws. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(set)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`Invalid configuration of the worker: ${faults.join('; ')}`)
}
