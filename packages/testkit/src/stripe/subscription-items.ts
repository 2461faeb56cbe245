import Stripe from 'stripe'
import type { Account } from './account.js'
import { addIntervals, type Period } from './billing-period.js'
import type { PlannedItem } from './invoice-lines.js'
import { clearable, flag, integer, list, metadata, object, type Params, required, text } from './parameters.js'
import { sellablePrice } from './prices.js'
import { invalid, missing } from './stripe-fault.js'

const newItem = { price: required(text), quantity: integer, metadata }
const changedItem = { id: text, price: text, quantity: integer, deleted: flag, metadata: clearable(metadata) }

export const newItems = list(object(newItem))
export const changedItems = list(object(changedItem))

/** @throws StripeFault for no item, an unsuitable price, or prices that do not renew together in one currency */
export function planNewItems(
  account: Account,
  items: readonly Params<typeof newItem>[],
  param = 'items',
): readonly PlannedItem[] {
  const planned = items.map(({ price, quantity = 1 }, index) => ({
    id: account.newId('si_', 14),
    price: sellablePrice(account, price, 'recurring', `${param}[${index}][price]`),
    quantity,
  }))
  checkTogether(planned, param)
  return planned
}

/**
 * The items after a change. An item named by its id is changed; one without an id is added beside the others
 * (forgetting the id of the item to change leaves a subscriber paying twice, at Stripe as here).
 */
export function planChangedItems(
  account: Account,
  before: readonly PlannedItem[],
  changes: readonly Params<typeof changedItem>[],
  param = 'items',
): readonly PlannedItem[] {
  const after = new Map(before.map((item) => [item.id, item]))
  changes.forEach(({ id, price, quantity, deleted }, index) => {
    const path = `${param}[${index}]`
    const named = id === undefined ? undefined : after.get(id)
    if (id !== undefined && !named) throw missing('subscription item', id, `${path}[id]`)
    if (named && deleted) {
      after.delete(named.id)
      return
    }
    const sold = price === undefined ? named?.price : sellablePrice(account, price, 'recurring', `${path}[price]`)
    if (!sold)
      throw invalid(`Missing required param: ${path}[price].`, { code: 'parameter_missing', param: `${path}[price]` })
    const item = { id: named?.id ?? account.newId('si_', 14), price: sold, quantity: quantity ?? named?.quantity ?? 1 }
    after.set(item.id, item)
  })
  const planned = [...after.values()]
  checkTogether(planned, param)
  return planned
}

function checkTogether(items: readonly PlannedItem[], param: string): void {
  const [first] = items
  if (!first) throw invalid('A subscription must have at least one active plan.', { param })
  if (new Set(items.map(({ price }) => price.id)).size < items.length) {
    throw invalid('Cannot add multiple subscription items with the same plan.', { param })
  }
  if (items.some(({ price }) => price.currency !== first.price.currency)) {
    throw invalid('All prices of one subscription must have the same currency.', { param })
  }
  if (items.some(({ price }) => cycleOf(price) !== cycleOf(first.price))) {
    throw invalid('All prices of one subscription must have the same interval here.', { param })
  }
}

/** Such as `1 month`: prices that renew together say the same. */
export function cycleOf({ recurring }: Stripe.Price): string {
  return `${recurring?.interval_count} ${recurring?.interval}`
}

/** A first or restarted period. */
export function periodOf({ price }: PlannedItem, start: number): Period {
  const { interval = 'month', interval_count = 1 } = price.recurring ?? {}
  return { start, end: addIntervals(start, interval as Stripe.Price.Recurring.Interval & 'month', interval_count) }
}

export function plannedItems(subscription: Stripe.Subscription): readonly PlannedItem[] {
  return subscription.items.data.map(({ id, price, quantity = 1 }) => ({ id, price, quantity }))
}

/** All items here renew together. */
export function currentPeriod(subscription: Stripe.Subscription): Period {
  const [item] = subscription.items.data
  if (!item) throw new Error(`The subscription ${subscription.id} has no item`)
  return { start: item.current_period_start, end: item.current_period_end }
}

export function wireItem(
  subscription: string,
  { id, price, quantity }: PlannedItem,
  period: Period,
  created: number,
): Stripe.SubscriptionItem {
  return {
    id,
    object: 'subscription_item',
    billing_thresholds: null,
    created,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price,
    quantity,
    subscription,
    tax_rates: [],
  }
}

/** The old name of a price, still on every item. */
function planOf(price: Stripe.Price): Stripe.Plan {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: Stripe.Decimal.from(price.unit_amount ?? 0),
    billing_scheme: 'per_unit',
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: price.livemode,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  }
}
