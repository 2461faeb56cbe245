import Stripe from 'stripe'
import type { Account } from './account.js'
import { amountText } from './amounts.js'
import type { Period } from './billing-period.js'
import { priceAmount } from './prices.js'
import { prorated } from './proration.js'

/** A price and how many of it; `id` once it is an item of a subscription. */
export interface PlannedItem {
  readonly id: string
  readonly price: Stripe.Price
  readonly quantity: number
}

interface LineFields {
  readonly item: PlannedItem
  readonly subscription: string | null
  readonly amount: number
  readonly period: Period
  readonly description: string
  readonly proration: boolean
}

/** A whole period, paid in advance. */
export function periodLine(account: Account, subscription: string | null, item: PlannedItem, period: Period) {
  const { price, quantity } = item
  const each = amountText(price.unit_amount ?? 0, price.currency)
  const description = `${quantity} × ${productName(account, price)} (at ${each} / ${price.recurring?.interval ?? 'once'})`
  const amount = priceAmount(price, quantity)
  return newLine(account, { item, subscription, amount, period, description, proration: false })
}

/** A trial costs nothing. */
export function trialLine(account: Account, subscription: string, item: PlannedItem, period: Period) {
  const description = `Trial period for ${productName(account, item.price)}`
  return newLine(account, { item, subscription, amount: 0, period, description, proration: false })
}

/** What was paid for the rest of the period and is not used. */
export function unusedTimeLine(account: Account, subscription: string, item: PlannedItem, period: Period, at: number) {
  const amount = -prorated(priceAmount(item.price, item.quantity), period, at)
  const description = `Unused time on ${productName(account, item.price)} after ${day(at)}`
  return newLine(account, {
    item,
    subscription,
    amount: amount || 0,
    period: { start: at, end: period.end },
    description,
    proration: true,
  })
}

export function remainingTimeLine(
  account: Account,
  subscription: string,
  item: PlannedItem,
  period: Period,
  at: number,
) {
  const amount = prorated(priceAmount(item.price, item.quantity), period, at)
  const description = `Remaining time on ${productName(account, item.price)} after ${day(at)}`
  return newLine(account, {
    item,
    subscription,
    amount,
    period: { start: at, end: period.end },
    description,
    proration: true,
  })
}

function newLine(account: Account, fields: LineFields): Stripe.InvoiceLineItem {
  const { item, subscription, amount, period, description, proration } = fields
  const { price, quantity } = item
  return {
    id: account.newId('il_'),
    object: 'line_item',
    amount,
    currency: price.currency,
    description,
    discount_amounts: [],
    discountable: !proration,
    discounts: [],
    invoice: null,
    livemode: account.livemode,
    metadata: {},
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: proration ? account.newId('ii_') : null,
        proration,
        proration_details: proration ? { credited_items: null } : null,
        subscription,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    period: { start: period.start, end: period.end },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: price.id, product: String(price.product) },
      type: 'price_details',
      unit_amount_decimal: Stripe.Decimal.from(price.unit_amount ?? 0),
    },
    quantity,
    quantity_decimal: Stripe.Decimal.from(quantity),
    subscription,
    subtotal: amount,
    taxes: [],
  }
}

export function productName(account: Account, price: Stripe.Price): string {
  return account.products.find(String(price.product))?.name ?? 'Product'
}

function day(time: number): string {
  return new Date(time * 1_000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  })
}
