import { AppError } from '@sath/core'
import { type Db, subscriptionsOf } from '@sath/db'
import type Stripe from 'stripe'
import type { Billing } from './billing.js'
import { priceOf } from './catalogue.js'
import type { Sold } from './catalogue-names.js'
import { applyChange } from './change-plan.js'
import { ensureCustomer, type Payer } from './customers.js'
import { userMetadata } from './fetch-customer.js'
import { isLive } from './subscription-state.js'

export interface SubscribeParts {
  readonly db: Db
  readonly billing: Billing
  /** The base of the pages that Stripe leads back to. */
  readonly publicUrl: string
}

/** After so many tries somebody is paying in another window right now. */
const maxTries = 3

/**
 * Where to send the user so that they end up with this plan: a checkout, or our own page when their subscription was changed.
 * However many windows ask at once, at most one checkout stays open, and with a subscription none.
 *
 * @param trialDays of the plan; given to whoever never subscribed before
 * @throws AppError not-available, in-use (another window asks for another plan right now), payment-failed, version-conflict
 * @throws Stripe's errors
 */
export function subscribe(parts: SubscribeParts, payer: Payer, wanted: Sold, trialDays: number): Promise<string> {
  const { db, billing, publicUrl } = parts
  return billing.inTurn(payer.id, async () => {
    const offer = await findOrOpen(parts, payer, wanted, trialDays)
    if ('url' in offer) return offer.url
    await applyChange(db, billing, offer.present, wanted)
    return `${publicUrl}/billing?changed=${wanted.planId}`
  })
}

/** The page where a plan is paid for. */
export interface Checkout {
  readonly id: string
  readonly url: string
  readonly expiresAt: Date
  /** What is paid there at once, minor units: nothing when a trial begins. */
  readonly dueMinor: bigint
  /** What each period costs, minor units. */
  readonly priceMinor: bigint
  readonly currency: string
}

/**
 * The one open checkout of a user for this plan, opened when there is none; changes nothing for whoever has a subscription.
 *
 * @throws as `subscribe`
 */
export function offerCheckout(parts: SubscribeParts, payer: Payer, wanted: Sold, trialDays: number): Promise<Offer> {
  return parts.billing.inTurn(payer.id, () => findOrOpen(parts, payer, wanted, trialDays))
}

type Offer = Checkout | { readonly present: Stripe.Subscription }

/** Several programs may be at it at once: what they open besides is found and closed. */
async function findOrOpen(parts: SubscribeParts, payer: Payer, wanted: Sold, trialDays: number): Promise<Offer> {
  const { db, billing } = parts
  const { stripe } = billing
  const price = await priceOf(stripe, wanted.planId, wanted.cycle)
  const customer = await ensureCustomer(db, billing, payer)
  for (let tries = 0; tries < maxTries; tries++) {
    const subscriptions = await listSubscriptions(stripe, customer)
    const present = subscriptions.find(isLive)
    if (present) return { present }
    const open = await openSessions(stripe, customer)
    const same = open.find((session) => session.metadata?.[priceMetadata] === price.id)
    if (
      !(await expireAll(
        stripe,
        open.filter((session) => session !== same),
      ))
    )
      continue
    if (same?.url) return checkoutOf(same, same.url, price)
    const hadOne = subscriptions.length > 0 || (await subscriptionsOf(db, payer.id)).length > 0
    const session = await openSession(parts, { customer, payer, price, trialDays: hadOne ? 0 : trialDays })
    const settled = await settle(stripe, customer, session)
    if (settled?.url) return checkoutOf(settled, settled.url, price)
  }
  throw new AppError('in-use', 'Another window is subscribing right now. Look at the page again.')
}

/**
 * Leaves one open checkout of those that other windows opened meanwhile: the newest. Undefined: begin again, somebody has paid.
 */
async function settle(
  stripe: Stripe,
  customer: string,
  mine: Stripe.Checkout.Session,
): Promise<Stripe.Checkout.Session | undefined> {
  const open = await openSessions(stripe, customer)
  const [newest = mine] = open
  const settled = await expireAll(
    stripe,
    open.filter((session) => session !== newest),
  )
  if (!settled || (await listSubscriptions(stripe, customer)).some(isLive)) return undefined
  if (newest.metadata?.[priceMetadata] !== mine.metadata?.[priceMetadata])
    throw new AppError('in-use', 'Another window is subscribing to another plan right now.')
  return newest
}

function checkoutOf(session: Stripe.Checkout.Session, url: string, price: Stripe.Price): Checkout {
  const priceMinor = BigInt(price.unit_amount ?? 0)
  return {
    id: session.id,
    url,
    expiresAt: new Date(session.expires_at * 1_000),
    dueMinor: session.amount_total === null ? priceMinor : BigInt(session.amount_total),
    priceMinor,
    currency: price.currency.toUpperCase(),
  }
}

const priceMetadata = 'sath_price'

function openSession(
  { billing: { stripe }, publicUrl }: SubscribeParts,
  wish: { readonly customer: string; readonly payer: Payer; readonly price: Stripe.Price; readonly trialDays: number },
): Promise<Stripe.Checkout.Session> {
  const { customer, payer, price, trialDays } = wish
  return stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    client_reference_id: payer.id,
    line_items: [{ price: price.id, quantity: 1 }],
    locale: payer.locale.startsWith('es') ? 'es' : 'en',
    metadata: { [priceMetadata]: price.id },
    subscription_data: {
      metadata: { [userMetadata]: payer.id },
      ...(trialDays > 0 ? { trial_period_days: trialDays } : {}),
    },
    success_url: `${publicUrl}/billing?checkout=done`,
    cancel_url: `${publicUrl}/billing?checkout=left`,
  })
}

/** Newest first, each with its latest invoice. */
export async function listSubscriptions(stripe: Stripe, customer: string): Promise<Stripe.Subscription[]> {
  const expand = ['data.latest_invoice']
  return (await stripe.subscriptions.list({ customer, status: 'all', limit: 100, expand })).data
}

/** Newest first, in an order that is the same for every window: all keep the same one. */
async function openSessions(stripe: Stripe, customer: string): Promise<Stripe.Checkout.Session[]> {
  const { data } = await stripe.checkout.sessions.list({ customer, status: 'open', limit: 100 })
  return data.sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1))
}

/** False: one of them was paid meanwhile. */
async function expireAll(stripe: Stripe, sessions: readonly Stripe.Checkout.Session[]): Promise<boolean> {
  const ends = await Promise.all(sessions.map(({ id }) => expire(stripe, id)))
  return ends.every((isExpired) => isExpired)
}

/** What another window has expired is as it was to be: whoever began again for that would close the other's new page, too. */
async function expire(stripe: Stripe, id: string): Promise<boolean> {
  try {
    await stripe.checkout.sessions.expire(id)
    return true
  } catch (error) {
    if (!isOver(error)) throw error
    return (await stripe.checkout.sessions.retrieve(id)).status === 'expired'
  }
}

function isOver(error: unknown): boolean {
  return (error as { statusCode?: unknown }).statusCode === 400
}
