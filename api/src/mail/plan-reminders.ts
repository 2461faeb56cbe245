import { type Decimal, money } from '@sath/core'
import {
  type Db,
  type EndingGrant,
  grantsEndingWithin,
  noteReminder,
  planNameAt,
  type SubscriptionRow,
  subscriptionsOf,
  trialsEndingWithin,
} from '@sath/db'
import { graceEndingMail } from './letters/grace-ending-mail.js'
import { promoEndingMail } from './letters/promo-ending-mail.js'
import { trialEndingMail } from './letters/trial-ending-mail.js'
import { type Reminder, reminderOf } from './reminders.js'

/** Days before its end that a plan's owner is warned. */
const planWarnings = [7, 1]
/** As long before its end as Stripe's own event `customer.subscription.trial_will_end`. */
const trialWarningDays = 3
const dayMs = 86_400_000

/** Plans that end soon: given for some days, cancelled, or in the days of grace after a payment that failed. */
export async function endingPlans(db: Db): Promise<Reminder[]> {
  const reminders: Reminder[] = []
  for (const grant of await grantsEndingWithin(db, planWarnings)) {
    const nextPlan = await planNameAt(db, grant.tenantId, grant.endsAt)
    const subscriptions = grant.source === 'stripe' ? await subscriptionsOf(db, grant.tenantId) : []
    const unpaid = subscriptions.find(({ pastDueSince }) => pastDueSince !== null)
    reminders.push(endingPlan(grant, nextPlan, unpaid, Date.now()))
  }
  return reminders
}

/** @param now epoch ms */
export function endingPlan(
  grant: Pick<EndingGrant, 'grantId' | 'tenantId' | 'planName' | 'endsAt' | 'daysBefore'>,
  nextPlan: string,
  unpaid: Pick<SubscriptionRow, 'pastDueSince' | 'amountMinor' | 'currency' | 'invoiceUrl'> | undefined,
  now: number,
): Reminder {
  const { tenantId, planName: plan, endsAt, daysBefore } = grant
  const note: Reminder['note'] = (tx) => noteReminder(tx, grant)
  if (!unpaid) {
    const daysLeft = Math.max(1, Math.ceil((endsAt.getTime() - now) / dayMs))
    return { tenantId, note, mail: (reader) => promoEndingMail({ plan, nextPlan, endsAt, daysLeft }, reader) }
  }
  // The mail about the payment that failed has just named the same end.
  const toldAt = unpaid.pastDueSince?.getTime() ?? 0
  if (endsAt.getTime() - daysBefore * dayMs < toldAt + dayMs) return { tenantId, note }
  const due = priceOf(unpaid)
  return {
    tenantId,
    note,
    mail: (reader) =>
      graceEndingMail(
        {
          plan,
          nextPlan,
          endsAt,
          ...(due ? { due } : {}),
          ...(unpaid.invoiceUrl === null ? {} : { payUrl: unpaid.invoiceUrl }),
        },
        reader,
      ),
  }
}

export async function endingTrials(db: Db): Promise<Reminder[]> {
  return (await trialsEndingWithin(db, trialWarningDays)).map(
    ({ tenantId, planName: plan, endsAt, subscription, fact }) => {
      const price = priceOf(subscription)
      const { cycle } = subscription
      return reminderOf(tenantId, fact, (reader) =>
        trialEndingMail({ plan, endsAt, ...(price && cycle ? { charge: { ...price, cycle } } : {}) }, reader),
      )
    },
  )
}

function priceOf({
  amountMinor,
  currency,
}: Pick<SubscriptionRow, 'amountMinor' | 'currency'>): { amount: Decimal; currency: string } | undefined {
  return amountMinor === null || currency === null
    ? undefined
    : { amount: money.minorToDecimal(amountMinor, currency), currency }
}
