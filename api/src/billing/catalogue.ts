import { AppError, money } from '@sath/core'
import { type Db, listPlans, type PlanRow } from '@sath/db'
import type Stripe from 'stripe'
import { type Cycle, cycles, lookupKeyOf } from './catalogue-names.js'
import { isMissing } from './stripe-refusal.js'

/** What a run of `writeCatalogue` did to a price. */
export interface PriceChange {
  readonly lookupKey: string
  readonly change: 'created' | 'replaced' | 'unchanged'
}

/**
 * Makes Stripe's products and prices those of the plans' rows; a plan without a price has none there. Safe to repeat. The amount
 * of a price never changes: another amount is a new price that takes the lookup key, and the old one is sold no longer. Whoever
 * has subscribed keeps the price they agreed to.
 */
export async function writeCatalogue(db: Db, stripe: Stripe): Promise<readonly PriceChange[]> {
  const changes: PriceChange[] = []
  for (const plan of await listPlans(db)) {
    const priced = cycles.filter((cycle) => amountOf(plan, cycle) > 0n)
    if (priced.length === 0) continue
    await writeProduct(stripe, plan)
    for (const cycle of priced) changes.push(await writePrice(stripe, plan, cycle))
  }
  return changes
}

async function writeProduct(stripe: Stripe, { id: planId, name }: PlanRow): Promise<void> {
  const id = productId(planId)
  const words = { name: `Sath ${name}`, metadata: { sath_plan: planId } }
  const present = await stripe.products.retrieve(id).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (!present) await stripe.products.create({ id, ...words })
  else if (present.name !== words.name || !present.active) await stripe.products.update(id, { ...words, active: true })
}

async function writePrice(stripe: Stripe, plan: PlanRow, cycle: Cycle): Promise<PriceChange> {
  const lookupKey = lookupKeyOf({ planId: plan.id, cycle })
  const present = await findPrice(stripe, lookupKey)
  const amount = Number(amountOf(plan, cycle))
  const currency = plan.currency.toLowerCase()
  const same = present?.unit_amount === amount && present.currency === currency && present.active
  if (same) return { lookupKey, change: 'unchanged' }
  await stripe.prices.create({
    product: productId(plan.id),
    currency,
    unit_amount: amount,
    recurring: { interval: cycle === 'monthly' ? 'month' : 'year' },
    lookup_key: lookupKey,
    transfer_lookup_key: true,
    metadata: { sath_plan: plan.id, sath_cycle: cycle },
  })
  if (present) await stripe.prices.update(present.id, { active: false })
  return { lookupKey, change: present ? 'replaced' : 'created' }
}

/** @throws AppError not-available when the plan is not sold in Stripe */
export async function priceOf(stripe: Stripe, planId: string, cycle: Cycle): Promise<Stripe.Price> {
  const price = await findPrice(stripe, lookupKeyOf({ planId, cycle }))
  if (price?.active) return price
  throw new AppError('not-available', 'This plan is not for sale yet: its price has not been made in Stripe.')
}

async function findPrice(stripe: Stripe, lookupKey: string): Promise<Stripe.Price | undefined> {
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], limit: 1 })
  return data[0]
}

function productId(planId: string): string {
  return `sath_${planId}`
}

/** Whole minor units. */
function amountOf(plan: PlanRow, cycle: Cycle): bigint {
  return money.decimalToMinor(cycle === 'monthly' ? plan.priceMonth : plan.priceYear, plan.currency)
}
