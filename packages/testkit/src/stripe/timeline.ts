/** What the passing of time does: renewals, ends of trials, retries, expiries, each at its own second and in order. */
import type Stripe from 'stripe'
import type { Account } from './account.js'
import { expireSession } from './checkout-sessions.js'
import { emit, emitChange } from './emit.js'
import { collectInvoice, finalizeInvoice, voidInvoice } from './invoice-life.js'
import { clockOf, endSubscription } from './subscription-end.js'
import { currentPeriod } from './subscription-items.js'
import { endTrial, renew } from './subscription-renewal.js'

interface Task {
  /** Epoch seconds. */
  readonly at: number
  run(): void
}

const day = 86_400
/** Stripe waits so long for a first payment. */
const incompleteSeconds = 23 * 3_600

/** Does all that is due on one clock up to and including `until`, epoch seconds. */
export function runDue(account: Account, clock: string | null, until: number): void {
  for (;;) {
    const [first] = tasks(account, clock)
      .filter(({ at }) => at <= until)
      .sort((one, other) => one.at - other.at)
    if (!first) return
    account.at(clock, first.at, first.run)
  }
}

function tasks(account: Account, clock: string | null): Task[] {
  const subscriptions = account.subscriptions.all().filter((it) => clockOf(it) === clock)
  const invoices = account.invoices.all().filter((it) => clockOf(it) === clock)
  const sessions = clock === null ? account.sessions.all() : []
  return [
    ...subscriptions.flatMap((it) => subscriptionTask(account, it) ?? []),
    ...invoices.flatMap((it) => invoiceTask(account, it) ?? []),
    ...sessions.flatMap((it) =>
      it.status === 'open' ? { at: it.expires_at, run: () => expireSession(account, it) } : [],
    ),
  ]
}

/** The next thing that happens to a subscription by itself; an end goes before a renewal of the same second. */
function subscriptionTask(account: Account, it: Stripe.Subscription): Task | undefined {
  if (it.status === 'incomplete') {
    return { at: it.created + incompleteSeconds, run: () => voidInvoice(account, firstInvoice(account, it)) }
  }
  if (!['trialing', 'active', 'past_due', 'unpaid'].includes(it.status)) return undefined
  const due: Task[] = []
  if (it.cancel_at !== null) {
    due.push({ at: it.cancel_at, run: () => endSubscription(account, it, 'cancellation_requested') })
  }
  const resumes = it.pause_collection?.resumes_at
  if (typeof resumes === 'number') due.push({ at: resumes, run: () => collectAgain(account, it) })
  if (it.status === 'trialing' && it.trial_end !== null) {
    if (!account.trialsWarned.has(it.id)) due.push({ at: it.trial_end - 3 * day, run: () => warn(account, it) })
    due.push({ at: it.trial_end, run: () => endTrial(account, it, 'as a renewal') })
  } else {
    due.push({ at: currentPeriod(it).end, run: () => renew(account, it) })
  }
  return due.reduce((first, task) => (task.at < first.at ? task : first))
}

/** With its first invoice an incomplete subscription has expired. */
function firstInvoice(account: Account, subscription: Stripe.Subscription): Stripe.Invoice {
  return account.invoices.get(String(subscription.latest_invoice))
}

function warn(account: Account, subscription: Stripe.Subscription): void {
  account.trialsWarned.add(subscription.id)
  emit(account, 'customer.subscription.trial_will_end', subscription)
}

function collectAgain(account: Account, subscription: Stripe.Subscription): void {
  emitChange(account, 'customer.subscription.updated', subscription, (it) => {
    it.pause_collection = null
  })
}

function invoiceTask(account: Account, it: Stripe.Invoice): Task | undefined {
  if (!it.auto_advance) return undefined
  if (it.status === 'draft' && it.automatically_finalizes_at !== null) {
    return { at: it.automatically_finalizes_at, run: () => finalizeAndCollect(account, it) }
  }
  if (it.status === 'open' && it.next_payment_attempt !== null) {
    return { at: it.next_payment_attempt, run: () => void collectInvoice(account, it) }
  }
  return undefined
}

function finalizeAndCollect(account: Account, invoice: Stripe.Invoice): void {
  finalizeInvoice(account, invoice)
  collectInvoice(account, invoice)
}
