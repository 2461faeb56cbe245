import type Stripe from 'stripe'
import type { Account } from './account.js'
import { amountText } from './amounts.js'
import { emitChange } from './emit.js'
import type { RawObject } from './form.js'
import { buttonForm, escaped, htmlPage } from './html.js'
import { productName } from './invoice-lines.js'
import { readShape } from './parameters.js'
import { attachCard, type TestCard } from './payment-methods.js'
import { missing } from './stripe-fault.js'
import { cycleOf } from './subscription-items.js'
import { updateShape, updateSubscription } from './subscription-update.js'
import { html, type PageAnswer, redirect, type WebPage } from './web-page.js'

/** The billing portal: cancel at the end of the period, resume, change the plan, put in another card, see the invoices. */
export const portalPages: readonly WebPage[] = [
  {
    method: 'GET',
    path: /^\/p\/session\/([^/]+)$/,
    answer: (account, id) => html(show(account, account.portals.get(id, 'session'))),
  },
  action('cancel', (account, portal, { subscription }) => {
    change(account, owned(account, portal, subscription), { cancel_at_period_end: 'true' })
  }),
  action('resume', (account, portal, { subscription }) => {
    change(account, owned(account, portal, subscription), { cancel_at_period_end: 'false' })
  }),
  action('plan', (account, portal, { subscription, price }) => {
    const mine = owned(account, portal, subscription)
    const item = mine.items.data[0]?.id ?? ''
    change(account, mine, { items: { 0: { id: item, price: price ?? '' } }, proration_behavior: 'always_invoice' })
  }),
  action('card', (account, portal, { card }) => {
    const customer = account.customers.get(portal.customer, 'customer')
    const { id } = attachCard(
      account,
      card === 'bad' ? ('pm_card_chargeCustomerFail' satisfies TestCard) : 'pm_card_visa',
      customer,
    )
    emitChange(account, 'customer.updated', customer, (it) => {
      it.invoice_settings.default_payment_method = id
    })
    for (const mine of subscriptionsOf(account, portal)) change(account, mine, { default_payment_method: id })
  }),
]

/** A button of the page: does it and shows the page again. */
function action(
  name: string,
  run: (account: Account, portal: Stripe.BillingPortal.Session, form: RawObject) => void,
): WebPage {
  return {
    method: 'POST',
    path: new RegExp(`^/p/session/([^/]+)/${name}$`),
    answer(account, id, form): PageAnswer {
      run(account, account.portals.get(id, 'session'), form)
      return redirect(`/p/session/${id}`)
    },
  }
}

function change(account: Account, subscription: Stripe.Subscription, form: RawObject): void {
  updateSubscription(account, subscription, readShape(updateShape, form))
}

function subscriptionsOf(account: Account, { customer }: Stripe.BillingPortal.Session): readonly Stripe.Subscription[] {
  const over = ['canceled', 'incomplete_expired']
  return account.subscriptions.all().filter((it) => it.customer === customer && !over.includes(it.status))
}

function owned(
  account: Account,
  portal: Stripe.BillingPortal.Session,
  id: RawObject[string] | undefined,
): Stripe.Subscription {
  const mine = subscriptionsOf(account, portal).find((subscription) => subscription.id === id)
  if (!mine) throw missing('subscription', String(id), 'subscription')
  return mine
}

function show(account: Account, portal: Stripe.BillingPortal.Session): string {
  const here = `/p/session/${portal.id}`
  const subscriptions = subscriptionsOf(account, portal).map((it) => subscriptionPart(account, here, it))
  const invoices = account.invoices
    .all()
    .filter(({ customer, status }) => customer === portal.customer && status !== 'draft')
    .map(
      ({ number, total, currency, status, hosted_invoice_url }) =>
        `<li><a href="${escaped(hosted_invoice_url ?? '')}">${escaped(number ?? '')}</a> ${amountText(total, currency)} ${status}</li>`,
    )
  const cards = [
    buttonForm(`${here}/card`, 'Update card', { card: 'good' }),
    buttonForm(`${here}/card`, 'Update card to one that fails', { card: 'bad' }),
  ]
  const back = portal.return_url ? `<p><a href="${escaped(portal.return_url)}">Return</a></p>` : ''
  return htmlPage(
    'Billing',
    `${subscriptions.join('')}${cards.join('')}<h2>Invoices</h2><ul>${invoices.join('')}</ul>${back}`,
  )
}

function subscriptionPart(account: Account, here: string, it: Stripe.Subscription): string {
  const fields = { subscription: it.id }
  const current = it.items.data[0]?.price
  const toggle = it.cancel_at_period_end
    ? buttonForm(`${here}/resume`, 'Resume plan', fields)
    : buttonForm(`${here}/cancel`, 'Cancel plan', fields)
  const others = account.prices
    .all()
    .filter((price) => price.active && price.recurring && price.currency === it.currency && price.id !== current?.id)
    .map((price) => buttonForm(`${here}/plan`, `Change to ${planText(account, price)}`, { ...fields, price: price.id }))
  const ends = it.cancel_at ? ` until ${new Date(it.cancel_at * 1_000).toISOString().slice(0, 10)}` : ''
  const title = current ? planText(account, current) : ''
  return `<h2>${escaped(title)}</h2><p>${it.status}${ends}</p>${toggle}${others.join('')}`
}

function planText(account: Account, price: Stripe.Price): string {
  return `${productName(account, price)}, ${amountText(price.unit_amount ?? 0, price.currency)} every ${cycleOf(price)}`
}
