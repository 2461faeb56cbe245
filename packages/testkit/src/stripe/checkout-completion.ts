import type Stripe from 'stripe'
import type { Account } from './account.js'
import { addCustomer } from './customers.js'
import { emit } from './emit.js'
import { collectInvoice } from './invoice-life.js'
import { mergeMetadata } from './parameters.js'
import { attachCard, newCard, type TestCard } from './payment-methods.js'
import { openIntent, refuses, tryCharge } from './payments.js'
import { invalid } from './stripe-fault.js'
import { createSubscription } from './subscription-create.js'
import { clockOf } from './subscription-end.js'
import { subscriptionOf } from './subscription-status.js'
import { trialEndOf } from './subscriptions.js'

type Session = Stripe.Checkout.Session

/**
 * What the customer's Pay button does. Whether it went through; a refused card leaves the session open for another try,
 * and no subscription. A card whose bank asks the payer first leaves it open too, and a subscription that is incomplete.
 *
 * @throws StripeFault when the session is no longer open
 */
export function completeSession(account: Account, session: Session, cardName: TestCard): boolean {
  if (session.status !== 'open') throw invalid(`This Checkout Session is ${session.status}.`)
  const known = typeof session.customer === 'string' ? account.customers.get(session.customer, 'customer') : undefined
  const card = newCard(account, cardName)
  const payer =
    session.mode === 'subscription' ? subscribe(account, session, known, card) : pay(account, session, known, card)
  if (payer === 'unpaid') return false
  finish(account, session, payer)
  return true
}

function finish(account: Account, session: Session, payer: Stripe.Customer | undefined): void {
  session.status = 'complete'
  session.url = null
  session.payment_status = session.amount_total === 0 ? 'no_payment_required' : 'paid'
  session.customer = payer?.id ?? null
  session.customer_details = {
    address: null,
    business_name: null,
    email: payer?.email ?? session.customer_email ?? anonymous,
    individual_name: null,
    name: payer?.name ?? null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
  emit(account, 'checkout.session.completed', session)
}

/** The payer's bank let a payment through that a checkout waited for. */
export function finishWaiting(
  account: Account,
  intent: Stripe.PaymentIntent,
  invoice: Stripe.Invoice | undefined,
): void {
  const subscription = invoice && subscriptionOf(account, invoice)
  for (const session of account.sessions.all()) {
    if (session.status !== 'open') continue
    const mine = subscription && account.waitingCheckouts.get(session.id) === subscription.id
    if (mine) bind(account, session, subscription)
    if (mine || session.payment_intent === intent.id)
      finish(account, session, account.customers.find(String(intent.customer)))
  }
}

/** Who pays when the session names nobody: the page asks for no address. */
const anonymous = 'payer@example.com'

/** `unpaid`: the card was refused, or its bank asks the payer first. */
type Payer = Stripe.Customer | undefined | 'unpaid'

function subscribe(
  account: Account,
  session: Session,
  known: Stripe.Customer | undefined,
  card: Stripe.PaymentMethod,
): Payer {
  if (session.amount_total !== 0 && refuses(account, card.id)) {
    tryCharge(account, intentOf(account, session, known), card)
    return 'unpaid'
  }
  const payer = known ?? newPayer(account, session)
  attachCard(account, card.id, payer)
  const waiting = account.subscriptions.find(account.waitingCheckouts.get(session.id) ?? '')
  const isOver = waiting?.status === 'incomplete_expired' || waiting?.status === 'canceled'
  const subscription = waiting && !isOver ? waiting : create(account, session, payer, card)
  if (subscription === waiting && waiting.status === 'incomplete')
    collectInvoice(account, account.invoices.get(String(waiting.latest_invoice)), card.id)
  if (subscription.status === 'incomplete') {
    account.waitingCheckouts.set(session.id, subscription.id)
    return 'unpaid'
  }
  bind(account, session, subscription)
  return payer
}

function bind(account: Account, session: Session, subscription: Stripe.Subscription): void {
  account.waitingCheckouts.delete(session.id)
  session.subscription = subscription.id
  session.invoice = subscription.latest_invoice
}

function create(
  account: Account,
  session: Session,
  payer: Stripe.Customer,
  card: Stripe.PaymentMethod,
): Stripe.Subscription {
  const data = account.checkoutPlans.get(session.id)?.subscriptionData
  return createSubscription(account, {
    customer: payer.id,
    items: (account.sessionLines.get(session.id) ?? []).flatMap(({ price, quantity }) =>
      price ? { id: account.newId('si_', 14), price, quantity: quantity ?? 1 } : [],
    ),
    card: card.id,
    metadata: data?.metadata,
    description: data?.description ?? null,
    trialEnd: trialEndOf(account.now(clockOf(payer)), data ?? {}),
    missingCard: data?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
    paymentBehavior: 'allow_incomplete',
    cancelAtPeriodEnd: false,
  })
}

/** Without a customer, and with none wanted, the payer stays a guest. */
function pay(
  account: Account,
  session: Session,
  known: Stripe.Customer | undefined,
  card: Stripe.PaymentMethod,
): Payer {
  const open =
    typeof session.payment_intent === 'string' ? account.paymentIntents.find(session.payment_intent) : undefined
  const payer =
    known ??
    (session.customer_creation === 'always' && !refuses(account, card.id) ? newPayer(account, session) : undefined)
  const intent = open ?? intentOf(account, session, payer)
  session.payment_intent = intent.id
  intent.customer = payer?.id ?? null
  if (!tryCharge(account, intent, card)) return 'unpaid'
  return payer
}

function newPayer(account: Account, session: Session): Stripe.Customer {
  return addCustomer(account, { email: session.customer_email ?? anonymous, testClock: null })
}

function intentOf(account: Account, session: Session, payer: Stripe.Customer | undefined): Stripe.PaymentIntent {
  const data = account.checkoutPlans.get(session.id)?.paymentData
  return openIntent(account, {
    customer: payer?.id ?? null,
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    description: data?.description ?? null,
    metadata: mergeMetadata(null, data?.metadata),
    testClock: payer ? clockOf(payer) : null,
  })
}
