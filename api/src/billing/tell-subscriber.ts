import { dayMs, money } from '@sath/core'
import { type Db, type EffectivePlan, planAt } from '@sath/db'
import { invoiceMail } from '../mail/letters/invoice-mail.js'
import { paymentFailedMail } from '../mail/letters/payment-failed-mail.js'
import { planChangeScheduledMail } from '../mail/letters/plan-change-scheduled-mail.js'
import { mailOnce, type Reminder, reminderOf } from '../mail/reminders.js'
import { previewPlan } from '../plan-changes/preview-plan.js'
import type { FetchedSubscription } from './fetch-customer.js'
import { grantOfSubscription, keptGrantOf } from './grant-of-subscription.js'

/** A subscription as it was fetched. */
export interface News extends FetchedSubscription {
  readonly tenantId: string
  /** Names of plans by their ids. */
  readonly plans: ReadonlyMap<string, string>
  readonly graceDays: number
  /** Epoch ms. */
  readonly now: number
  readonly publicUrl: string
}

/** What is older is no news: nobody is mailed of it when a customer of long ago is seen for the first time. */
const newsDays = 30

/**
 * Mails what a subscription has come to: an invoice that was paid, a payment that failed, a change that waits. In the
 * transaction that writes the subscription. What is told follows from the fetched state alone and each fact is told once, so
 * that it makes no difference which events rang, how often and in which order.
 *
 * @param plan in force now
 */
export async function tellSubscriber(tx: Db, news: News, plan: EffectivePlan): Promise<void> {
  const change = await changeNews(tx, news, plan)
  for (const reminder of [...moneyNews(news), ...(change ? [change] : [])]) await mailOnce(tx, reminder, news.publicUrl)
}

/** Receipts, and invoices that could not be collected while the plan stays for the days of grace. */
function moneyNews({ tenantId, state, paid, open, plans, graceDays, now }: News): Reminder[] {
  const isNews = (at: number) => at > now - newsDays * dayMs
  const sold = plans.get(state.sold?.planId ?? '')
  const receipts = paid.flatMap(({ invoice, planId, paidAt }) => {
    const plan = plans.get(planId ?? '') ?? sold
    if (plan === undefined || !isNews(paidAt)) return []
    return reminderOf(tenantId, `invoice/${invoice.id}`, (reader) =>
      invoiceMail(
        {
          number: invoice.number ?? invoice.id,
          plan,
          ...price(invoice.amount_paid, invoice.currency),
          paidAt: new Date(paidAt),
          url: invoice.hosted_invoice_url ?? `${reader.publicUrl}/billing`,
        },
        reader,
      ),
    )
  })
  const until = state.status === 'past_due' ? grantOfSubscription(state, graceDays, now)?.endsAt : undefined
  const plan = sold
  if (plan === undefined || typeof until !== 'number') return receipts
  const failures = open
    .filter(({ created }) => isNews(created * 1_000))
    .map((invoice) =>
      reminderOf(tenantId, `payment-failed/${invoice.id}`, (reader) =>
        paymentFailedMail(
          {
            plan,
            ...price(invoice.amount_remaining, invoice.currency),
            graceEndsAt: new Date(until),
            ...(invoice.hosted_invoice_url ? { payUrl: invoice.hosted_invoice_url } : {}),
          },
          reader,
        ),
      ),
    )
  return [...receipts, ...failures]
}

/** A cancellation or downgrade that waits for its day, unless another grant keeps the plan as it is. */
async function changeNews(tx: Db, news: News, plan: EffectivePlan): Promise<Reminder | undefined> {
  const coming = comingChange(news)
  if (!coming) return undefined
  const changesAt = new Date(coming.at)
  const to = await planAt(tx, news.tenantId, changesAt)
  if (to.id === plan.id) return undefined
  const { preview } = await previewPlan(tx, news.tenantId, to.id)
  const facts = { from: plan.name, to: to.name, changesAt, preview }
  return reminderOf(news.tenantId, coming.fact, (reader) => planChangeScheduledMail(facts, reader))
}

/** The next change that waits at Stripe; undefined: none, or one that was asked for long ago. */
function comingChange({ state, graceDays, now }: News): { readonly at: number; readonly fact: string } | undefined {
  const { id, sold, cancelAt, cancelAskedAt } = state
  if (!sold || !grantOfSubscription(state, graceDays, now)) return undefined
  const kept = keptGrantOf(state, graceDays, now) ? state.kept?.until : undefined
  if (cancelAt !== null && cancelAt <= (kept ?? cancelAt)) {
    const isOld = cancelAskedAt !== null && cancelAskedAt <= now - newsDays * dayMs
    return isOld ? undefined : { at: cancelAt, fact: `plan-change/${id}/end/${cancelAt}` }
  }
  return kept === undefined ? undefined : { at: kept, fact: `plan-change/${id}/${sold.planId}/${kept}` }
}

function price(minor: number, currency: string) {
  return { amount: money.minorToDecimal(BigInt(minor), currency), currency: currency.toUpperCase() }
}
