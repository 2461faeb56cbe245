import Stripe from 'stripe'
import type { Account } from './account.js'
import { emit, emitChange } from './emit.js'
import { datedPage, datedPaging } from './pages.js'
import {
  clearable,
  flag,
  integer,
  list,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  type Params,
  required,
  text,
} from './parameters.js'
import { type Route, route } from './route.js'
import { invalid } from './stripe-fault.js'

const interval = oneOf('day', 'week', 'month', 'year')

const newPrice = {
  active: flag,
  currency: required(text),
  lookup_key: text,
  metadata,
  nickname: text,
  product: text,
  recurring: object({ interval: required(interval), interval_count: integer, usage_type: oneOf('licensed') }),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  transfer_lookup_key: flag,
  unit_amount: integer,
}

const changes = {
  active: flag,
  lookup_key: clearable(text),
  metadata,
  nickname: clearable(text),
  transfer_lookup_key: flag,
}

const filters = {
  ...datedPaging,
  active: flag,
  currency: text,
  lookup_keys: list(text),
  product: text,
  recurring: object({ interval }),
  type: oneOf('one_time', 'recurring'),
}

export const priceRoutes: readonly Route[] = [
  route('POST', '/v1/prices', newPrice, ({ account, params }) => {
    if (params.product === undefined) {
      throw invalid('Missing required param: product.', { code: 'parameter_missing', param: 'product' })
    }
    const price = addPrice(account, { ...params, product: params.product })
    emit(account, 'price.created', price)
    return price
  }),
  route('GET', '/v1/prices/:id', {}, ({ account, id }) => account.prices.get(id, 'price')),
  route('POST', '/v1/prices/:id', changes, ({ account, id, params }) => {
    const price = account.prices.get(id, 'price')
    if (params.lookup_key) takeLookupKey(account, params.lookup_key, params.transfer_lookup_key ?? false, id)
    emitChange(account, 'price.updated', price, () => {
      price.active = params.active ?? price.active
      if (params.lookup_key !== undefined) price.lookup_key = params.lookup_key || null
      if (params.nickname !== undefined) price.nickname = params.nickname || null
      price.metadata = mergeMetadata(price.metadata, params.metadata)
    })
    return price
  }),
  route('GET', '/v1/prices', filters, ({ account, params }) => {
    const found = account.prices.all().filter((price) => matches(price, params))
    return datedPage('/v1/prices', found, params)
  }),
]

function matches(price: Stripe.Price, params: Params<typeof filters>): boolean {
  const wanted: readonly boolean[] = [
    params.active === undefined || price.active === params.active,
    params.currency === undefined || price.currency === params.currency,
    params.lookup_keys === undefined || (price.lookup_key !== null && params.lookup_keys.includes(price.lookup_key)),
    params.product === undefined || price.product === params.product,
    params.recurring?.interval === undefined || price.recurring?.interval === params.recurring.interval,
    params.type === undefined || price.type === params.type,
  ]
  return wanted.every(Boolean)
}

/** A lookup key names one price; it moves only when asked to. */
function takeLookupKey(account: Account, key: string, transfer: boolean, to: string): void {
  const holder = account.prices.all().find((price) => price.lookup_key === key && price.id !== to)
  if (!holder) return
  if (!transfer) {
    throw invalid(`A price (\`${holder.id}\`) already uses that lookup key.`, { param: 'lookup_key' })
  }
  emitChange(account, 'price.updated', holder, (price) => {
    price.lookup_key = null
  })
}

/** Also for the `price_data` of a checkout; writes no event. */
export function addPrice(
  account: Account,
  params: Params<typeof newPrice> & { readonly product: string },
): Stripe.Price {
  const product = account.products.get(params.product, 'product')
  const { unit_amount, recurring } = params
  if (unit_amount === undefined) {
    throw invalid('Missing required param: unit_amount.', { code: 'parameter_missing', param: 'unit_amount' })
  }
  if (unit_amount < 0) throw invalid('Invalid non-negative integer', { param: 'unit_amount' })
  if (!/^[a-z]{3}$/.test(params.currency)) {
    throw invalid(`Invalid currency: ${params.currency}. Stripe wants three small letters.`, { param: 'currency' })
  }
  if (params.lookup_key !== undefined) {
    takeLookupKey(account, params.lookup_key, params.transfer_lookup_key ?? false, '')
  }
  return account.prices.add({
    id: account.newId('price_'),
    object: 'price',
    active: params.active ?? true,
    billing_scheme: 'per_unit',
    created: account.now(),
    currency: params.currency,
    custom_unit_amount: null,
    livemode: account.livemode,
    lookup_key: params.lookup_key ?? null,
    metadata: mergeMetadata(null, params.metadata),
    nickname: params.nickname ?? null,
    product: product.id,
    recurring: recurring
      ? {
          interval: recurring.interval,
          interval_count: recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: 'licensed',
        }
      : null,
    tax_behavior: params.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: recurring ? 'recurring' : 'one_time',
    unit_amount,
    unit_amount_decimal: Stripe.Decimal.from(unit_amount),
  })
}

/** The price of a subscription or checkout line: there, active, and of the kind wanted. */
export function sellablePrice(account: Account, id: string, kind: 'recurring' | 'any', param: string): Stripe.Price {
  const price = account.prices.get(id, param)
  if (!price.active) {
    throw invalid('The price specified is inactive. This field only accepts active prices.', { param })
  }
  if (kind === 'recurring' && !price.recurring) {
    throw invalid(
      'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
      { param },
    )
  }
  return price
}

/** Minor units of one price and quantity. */
export function priceAmount(price: Stripe.Price, quantity: number): number {
  return (price.unit_amount ?? 0) * quantity
}
