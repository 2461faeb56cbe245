import { openDatabase } from '@sath/db'
import { loggerOptions } from '@sath/telemetry'
import { destination, pino } from 'pino'
import { z } from 'zod'
import { publicUrlOf } from '../config.js'
import { openBilling } from './billing.js'
import { defaultGraceDays } from './grant-of-subscription.js'
import { withoutWords } from './stripe-refusal.js'
import type { SyncParts } from './sync-customer.js'

const Environment = z.object({
  DATABASE_URL: z.string('is missing').regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
  /** As for the API: the base of links in mails. */
  PUBLIC_URL: z.union([z.literal('').transform(() => undefined), z.url({ protocol: /^https?$/ })]).optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  STRIPE_SECRET_KEY: z.string('is missing').min(1, 'is missing'),
  STRIPE_API_BASE: z.union([z.literal('').transform(() => undefined), z.url({ protocol: /^https?$/ })]).optional(),
  BILLING_GRACE_DAYS: z.coerce.number().int().min(0).default(defaultGraceDays),
})

/** Runs a command that speaks with Stripe, and closes what it needed. A fault is said in words, and the exit code is 1. */
export async function runWithStripe(
  env: Record<string, string | undefined>,
  command: (parts: SyncParts) => Promise<void>,
): Promise<void> {
  const parsed = Environment.safeParse(env)
  try {
    if (!parsed.success)
      throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
    const {
      DATABASE_URL,
      STRIPE_SECRET_KEY: secretKey,
      STRIPE_API_BASE: apiBase,
      BILLING_GRACE_DAYS: graceDays,
    } = parsed.data
    const database = openDatabase(DATABASE_URL, { max: 2, name: 'sath-stripe-command' })
    const log = pino(loggerOptions({ name: 'stripe-command', level: 'info' }), destination(2))
    try {
      await command({
        db: database.db,
        billing: openBilling({ secretKey, webhookSecret: '', apiBase, graceDays }),
        log,
        publicUrl: publicUrlOf(parsed.data),
      })
    } finally {
      await database.close()
    }
  } catch (error) {
    const fault = withoutWords(error)
    process.stderr.write(`${fault instanceof Error ? fault.message : 'unknown fault'}\n`)
    process.exitCode = 1
  }
}
