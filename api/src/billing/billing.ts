import { AppError } from '@sath/core'
import Stripe from 'stripe'
import { type Sold, soldBy } from './catalogue-names.js'
import { createTurns, type InTurn } from './turns.js'

/** How Stripe is reached, from the environment. */
export interface BillingSettings {
  readonly secretKey: string
  /** `whsec_…` */
  readonly webhookSecret: string
  /** `http(s)://host:port` of another Stripe than Stripe's own. */
  readonly apiBase?: string | undefined
  /** Days that a plan stays after a payment failed. */
  readonly graceDays: number
}

/** What speaks with Stripe for this installation. */
export interface Billing {
  readonly stripe: Stripe
  readonly webhookSecret: string
  readonly graceDays: number
  /** Whether the key moves real money. */
  readonly livemode: boolean
  /** By user id: two windows that change a subscription at once would undo each other's steps at Stripe. */
  readonly inTurn: InTurn
  /** What a price sells, by its id; asked once of each. */
  soldOf(priceId: string | undefined): Promise<Sold | undefined>
}

/** @throws AppError billing-not-configured */
export function configured(billing: Billing | undefined): Billing {
  if (billing) return billing
  throw new AppError(
    'billing-not-configured',
    'This installation takes no payments. An administrator can give you a plan.',
  )
}

/** The version that this code and the SDK are written for, whatever the account's own. */
const apiVersion = '2026-10-28.endive'
/** Of one try, ms; a page that waits for a checkout waits at most for this and its retries. */
const timeoutMs = 8_000
const maxNetworkRetries = 2

export function openBilling({ secretKey, webhookSecret, apiBase, graceDays }: BillingSettings): Billing {
  const stripe = new Stripe(secretKey, {
    apiVersion,
    timeout: timeoutMs,
    maxNetworkRetries,
    telemetry: false,
    ...(apiBase === undefined ? {} : place(apiBase)),
  })
  const prices = new Map<string, Sold | undefined>()
  return {
    stripe,
    webhookSecret,
    graceDays,
    livemode: /^[a-z]+_live_/.test(secretKey),
    inTurn: createTurns(),
    async soldOf(id) {
      if (id !== undefined && !prices.has(id)) prices.set(id, soldBy(await stripe.prices.retrieve(id)))
      return id === undefined ? undefined : prices.get(id)
    },
  }
}

function place(apiBase: string) {
  const { protocol, hostname, port } = new URL(apiBase)
  const http = protocol === 'http:'
  return { host: hostname, port: port || (http ? 80 : 443), protocol: http ? 'http' : 'https' } as const
}
