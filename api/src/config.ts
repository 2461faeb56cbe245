import { hostname } from 'node:os'
import { z } from 'zod'
import type { BillingSettings } from './billing/billing.js'
import { defaultGraceDays } from './billing/grant-of-subscription.js'

const flag = z.enum(['true', 'false', '1', '0', '']).transform((text) => text === 'true' || text === '1')
const count = z.coerce.number().int().min(1).max(1_000_000)
/** An empty variable is an absent one. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.union([z.literal('').transform(() => undefined), schema]).optional()

const Environment = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** Where people reach us; the base of links in mails. */
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  JWT_SECRET_FILE: z.string().min(1),
  VAULT_PUBLIC_FILE: z.string().min(1),
  SATH_TENANTS_DIR: z.string().min(1),
  DASHBOARD_DIR: optional(z.string()),
  /** Mails may be read at /api/v1/dev/outbox; never once there is a mail server. */
  DEV_OUTBOX: flag.default(false),
  SMTP_URL: optional(z.url({ protocol: /^smtps?$/ })),
  MAIL_FROM: z.string().min(3).default('Sath <no-reply@localhost>'),
  /** All of Stripe's or none. Without them nobody can pay, and admins and promo codes still give plans. */
  STRIPE_SECRET_KEY: optional(
    z.string().regex(/^(sk|rk)_(test|live)_\S+$/, 'must begin with sk_test_, sk_live_ or rk_'),
  ),
  STRIPE_WEBHOOK_SECRET: optional(z.string().regex(/^whsec_\S+$/, 'must begin with whsec_')),
  /** Another Stripe than Stripe's own. */
  STRIPE_API_BASE: optional(z.url({ protocol: /^https?$/ })),
  /** Days that a plan stays after a payment failed. */
  BILLING_GRACE_DAYS: z.coerce.number().int().min(0).max(60).default(defaultGraceDays),
  /** "true" (whoever asks), or the addresses of the proxies in front of us. */
  TRUST_PROXY: optional(
    z
      .string()
      .max(500)
      .regex(/^(true|false|.*[.:].*)$/, 'must be true or addresses'),
  ).transform(trusted),
  REDIS_URL: optional(z.url({ protocol: /^rediss?$/ })),
  INFLUX_URL: optional(z.url({ protocol: /^https?$/ })),
  INFLUX_TOKEN: z.string().default(''),
  INFLUX_ORG: z.string().default('sath'),
  INFLUX_BUCKET: z.string().default('sath'),
  SATH_NODE: z.string().min(1).default(hostname()),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Requests a minute of one signed-in user, and sign-ins and registrations of one address. */
  RATE_LIMIT_USER: count.default(600),
  RATE_LIMIT_LOGIN: count.default(60),
  RATE_LIMIT_REGISTER: count.default(30),
})
export type Config = z.infer<typeof Environment>

/** What the environment says of Stripe; undefined: nothing. @throws Error when one of the two secrets is missing */
export function billingSettings(config: Config): BillingSettings | undefined {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = config
  if (secretKey === undefined && webhookSecret === undefined) return undefined
  if (secretKey === undefined || webhookSecret === undefined)
    throw new Error('Invalid configuration of the API: STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET go together')
  return { secretKey, webhookSecret, apiBase: config.STRIPE_API_BASE, graceDays: config.BILLING_GRACE_DAYS }
}

/** Headers about who asks are believed of nobody unless told. */
function trusted(text: string | undefined): boolean | string {
  return text === undefined || text === 'false' ? false : text === 'true' || text
}

/** Reads the environment once, at start. Names all that is wrong, then throws. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const parsed = Environment.safeParse(env)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`Invalid configuration of the API: ${faults.join('; ')}`)
}

/** Host headers that are our own: what a browser on this machine sends. */
export function ownHosts({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost', '[::1]', HOST.includes(':') ? `[${HOST}]` : HOST]
  return new Set(names.map((name) => `${name.toLowerCase()}${PORT === 80 ? '' : `:${PORT}`}`))
}

export function publicUrlOf({ PUBLIC_URL, HOST, PORT }: Pick<Config, 'PUBLIC_URL' | 'HOST' | 'PORT'>): string {
  if (PUBLIC_URL) return PUBLIC_URL.replace(/\/+$/, '')
  const everywhere = HOST === '0.0.0.0' || HOST === '::'
  const host = everywhere ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST
  return `http://${host}:${PORT}`
}
