import { z } from 'zod'
import { Amount, Id, listOf, Time } from './common.js'

const Label = z.string().trim().min(1).max(60)
/** Field name → value, as the broker calls them, for example `{apiKey, apiSecret}`. */
const Credentials = z
  .record(
    z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,39}$/, 'must be a field name such as apiKey'),
    z.string().min(1).max(4000),
  )
  .refine((fields) => Object.keys(fields).length > 0, 'must not be empty')
  .refine((fields) => Object.keys(fields).length <= 10, 'has at most 10 fields')

const Broker = z.string().regex(/^[a-z0-9-]{2,20}$/, 'must be a broker such as binance')
const Environment = z.enum(['testnet', 'live'])

export const ExchangeKeyBody = z.strictObject({
  broker: Broker,
  environment: Environment,
  label: Label.optional(),
  credentials: Credentials,
})
/** Other credentials under the same id. Broker and environment stay: who names them must name the same. */
export const ReplaceExchangeKeyBody = z.strictObject({
  broker: Broker.optional(),
  environment: Environment.optional(),
  label: Label.nullable().optional(),
  credentials: Credentials,
})
export const AiKeyBody = z.strictObject({
  provider: z.enum(['deepseek', 'openai', 'gemini']),
  apiKey: z.string().min(8).max(4000),
  label: Label.optional(),
})

const status = z.enum(['untested', 'ok', 'failed'])
const lastTest = z.object({ at: Time, detail: z.string() }).nullable()

export const ExchangeKey = z
  .object({
    id: Id,
    broker: z.string(),
    environment: z.enum(['testnet', 'live']),
    label: z.string().nullable(),
    hint: z.string(),
    status,
    balance: z.object({ amount: Amount, currency: z.string(), at: Time }).nullable(),
    lastConnectedAt: Time.nullable(),
    lastTest,
    createdAt: Time,
  })
  .meta({ id: 'ExchangeKey' })
export const AiKey = z
  .object({
    id: Id,
    provider: z.string(),
    label: z.string().nullable(),
    hint: z.string(),
    status,
    lastTest,
    createdAt: Time,
  })
  .meta({ id: 'AiKey' })

export const KeyTestBody = z.strictObject({ id: Id })
export const KeyTestStarted = z.object({ testId: Id })
export const KeyTestParams = z.strictObject({ testId: Id })
export const KeyTest = z.object({ status: z.enum(['pending', 'ok', 'failed']), detail: z.string().nullable() })

/** A broker that can be chosen, and what its key consists of. */
export const BrokerView = z
  .object({
    id: z.string(),
    name: z.string(),
    /** For who makes a key there; empty: nothing to say. */
    advice: z.string(),
    /** Empty: it needs no key. */
    credentialFields: z
      .array(z.object({ name: z.string(), label: z.string(), secret: z.boolean() }).readonly())
      .readonly(),
    trading: z.enum(['available', 'not-available']),
  })
  .meta({ id: 'Broker' })
export const Brokers = listOf(BrokerView)
