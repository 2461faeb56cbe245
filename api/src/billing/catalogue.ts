import { AppError, money } from '@sath/core'
import { type Db, listPlans, type PlanRow } from '@sath/db'
import type Stripe from 'stripe'
import { type Cycle, cycles, lookupKeyOf, soldBy } from './catalogue-names.js'
import { isMissing } from './stripe-refusal.js'

/** What a run of `writeCatalogue` did to a price. */
export interface PriceChange {
  readonly lookupKey: string
  readonly change: 'created' | 'replaced' | 'unchanged' | 'withdrawn'
}

/**
 * Makes Stripe's products and prices those of the plans' rows; a plan without a price has none there. Safe to repeat,
 * also after a run that was cut off. The amount of a price never changes: another amount is a new price that takes the lookup key, and the old one is sold no longer. Whoever
 * has subscribed keeps the price they agreed to.
 */
export async function writeCatalogue(db: Db, stripe: Stripe): Promise<readonly PriceChange[]> {
  const changes: PriceChange[] = []
  for (const plan of await listPlans(db)) {
    if (cycles.some((cycle) => amountOf(plan, cycle) > 0n)) await writeProduct(stripe, plan)
    const onSale = await pricesOnSale(stripe, plan.id)
    for (const cycle of cycles) {
      const ofCycle = onSale.filter((price) => soldBy(price)?.cycle === cycle)
      changes.push(...(await writePrice(stripe, plan, cycle, ofCycle)))
    }
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

async function pricesOnSale(stripe: Stripe, planId: string): Promise<readonly Stripe.Price[]> {
  try {
    return (await stripe.prices.list({ product: productId(planId), active: true, limit: 100 })).data
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** @param onSale of this plan and cycle: at most one price, unless a run was cut off */
async function writePrice(
  stripe: Stripe,
  plan: PlanRow,
  cycle: Cycle,
  onSale: readonly Stripe.Price[],
): Promise<PriceChange[]> {
  const lookupKey = lookupKeyOf({ planId: plan.id, cycle })
  const amount = Number(amountOf(plan, cycle))
  const currency = plan.currency.toLowerCase()
  const same = onSale.find(
    (price) => price.lookup_key === lookupKey && price.unit_amount === amount && price.currency === currency,
  )
  if (amount > 0 && !same)
    await stripe.prices.create({
      product: productId(plan.id),
      currency,
      unit_amount: amount,
      recurring: { interval: cycle === 'monthly' ? 'month' : 'year' },
      lookup_key: lookupKey,
      transfer_lookup_key: true,
      metadata: { sath_plan: plan.id, sath_cycle: cycle },
    })
  const old = onSale.filter((price) => price !== same)
  for (const { id } of old) await stripe.prices.update(id, { active: false })
  if (amount === 0) return old.length > 0 ? [{ lookupKey, change: 'withdrawn' }] : []
  return [{ lookupKey, change: same ? 'unchanged' : old.length > 0 ? 'replaced' : 'created' }]
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
