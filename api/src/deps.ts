import type { Bus, RateLimiter } from '@sath/bus'
import type { Database } from '@sath/db'
import type { MetricSource } from '@sath/telemetry'
import type { Sealer } from '@sath/vault/seal'
import type { Logger } from 'pino'
import type { Billing } from './billing/billing.js'

/** Requests a minute. */
export interface Limits {
  /** Of a signed-in user. */
  readonly user: number
  /** Of one address, over everything that needs no sign-in. */
  readonly open: number
  /** Of one address, each: sign-ins; registrations; mails for a forgotten password. */
  readonly login: number
  readonly register: number
  readonly forgot: number
  /** Promo codes that one user may try; three times as many from one address. */
  readonly promo: number
}

export const defaultLimits: Limits = { user: 600, open: 300, login: 60, register: 30, forgot: 10, promo: 10 }

/** Everything the app is made of. Tests pass real ones, too. */
export interface Deps {
  readonly database: Database
  readonly bus: Bus
  readonly limiter: RateLimiter
  readonly metrics: MetricSource
  /** Seals broker keys; nothing in this program can open them. */
  readonly sealer: Sealer
  readonly log: Logger
  readonly jwtSecret: string
  /** Seconds; 900 unless a test wants to see one end. */
  readonly accessTokenSeconds: number
  /** Where people reach us, without a slash at its end: the base of links in mails. */
  readonly publicUrl: string
  /** Folder with one folder per tenant; logs are read from there. */
  readonly tenantsDir: string
  /** Built web page; undefined: the API alone. */
  readonly dashboardDir: string | undefined
  /** Host headers that may read the mail outbox; undefined: there is no outbox to read. */
  readonly outboxHosts: ReadonlySet<string> | undefined
  readonly trustProxy: boolean | string
  readonly liveAllowed: boolean
  /** Undefined: this installation takes no payments. */
  readonly billing: Billing | undefined
  readonly limits: Limits
}
