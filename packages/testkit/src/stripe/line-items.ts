import type Stripe from 'stripe'
import type { Account } from './account.js'
import { productName } from './invoice-lines.js'
import { integer, list, metadata, object, oneOf, type Params, required, text } from './parameters.js'
import { addPrice, priceAmount, sellablePrice } from './prices.js'
import { invalid } from './stripe-fault.js'

const recurring = object({ interval: required(oneOf('day', 'week', 'month', 'year')), interval_count: integer })

const lineItem = {
  price: text,
  price_data: object({
    currency: required(text),
    product: text,
    product_data: object({ name: required(text), description: text, metadata }),
    recurring,
    unit_amount: required(integer),
  }),
  quantity: integer,
}

export const lineItems = list(object(lineItem))

/** The lines of a checkout or a payment link, with prices made on the spot where `price_data` says so. */
export function readLineItems(account: Account, items: readonly Params<typeof lineItem>[]): Stripe.LineItem[] {
  if (items.length === 0)
    throw invalid('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' })
  return items.map((item, index) => {
    const path = `line_items[${index}]`
    if (item.quantity === undefined) {
      throw invalid(`Quantity is required. Add \`quantity\` to \`${path}\``, {
        code: 'parameter_missing',
        param: `${path}[quantity]`,
      })
    }
    if (item.quantity < 1)
      throw invalid('This value must be greater than or equal to 1.', { param: `${path}[quantity]` })
    return newLineItem(account, priceOf(account, item, path), item.quantity)
  })
}

function priceOf(account: Account, item: Params<typeof lineItem>, path: string): Stripe.Price {
  if (item.price !== undefined) return sellablePrice(account, item.price, 'any', `${path}[price]`)
  const { price_data } = item
  if (!price_data)
    throw invalid(`${path} needs a price or price_data.`, { code: 'parameter_missing', param: `${path}[price]` })
  const product =
    price_data.product ?? (price_data.product_data && inlineProduct(account, price_data.product_data.name))
  if (product === undefined) {
    throw invalid('You must specify either `product` or `product_data` when creating a price.', {
      param: `${path}[price_data]`,
    })
  }
  return addPrice(account, {
    active: undefined,
    currency: price_data.currency,
    lookup_key: undefined,
    metadata: undefined,
    nickname: undefined,
    product,
    recurring: price_data.recurring && { ...price_data.recurring, usage_type: undefined },
    tax_behavior: undefined,
    transfer_lookup_key: undefined,
    unit_amount: price_data.unit_amount,
  })
}

/** A product that exists for one line only; Stripe keeps it inactive too. */
function inlineProduct(account: Account, name: string): string {
  const id = account.newId('prod_', 14)
  const created = account.now()
  account.products.add({
    id,
    object: 'product',
    active: false,
    created,
    description: null,
    images: [],
    livemode: account.livemode,
    marketing_features: [],
    metadata: {},
    name,
    package_dimensions: null,
    shippable: null,
    tax_details: null,
    type: 'service',
    updated: created,
    url: null,
  })
  return id
}

function newLineItem(account: Account, price: Stripe.Price, quantity: number): Stripe.LineItem {
  const amount = priceAmount(price, quantity)
  return {
    id: account.newId('li_'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: productName(account, price),
    metadata: {},
    price,
    quantity,
  }
}
