import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { plansQuery, subscriptionQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'
import { useThrottled } from '../../live/use-throttled.js'
import { useTopic } from '../../live/use-topic.js'
import { Loaded } from '../../parts/loaded.js'
import { Notice } from '../../parts/notice.js'
import { Page, Section } from '../../parts/page.js'
import { CheckoutReturn } from './checkout-return.js'
import { CurrentPlan } from './current-plan.js'
import { Invoices } from './invoices.js'
import { Payments } from './payments.js'
import { PriceTable } from './price-table.js'
import { PromoForm } from './promo-form.js'
import { useBillingChanged } from './use-billing.js'

const route = getRouteApi('/signed-in/billing')

/** The plan the user has, the others there are, and what was paid. */
export function PlanPage() {
  const { client } = useApp()
  const search = route.useSearch()
  const subscription = useQuery(subscriptionQuery(client))
  const plans = useQuery(plansQuery(client))
  const changed = useBillingChanged()
  // A plan that begins or ends is told to the bot, wherever it came from.
  const lookAgain = useThrottled(() => void changed(), 2_000)
  useTopic('bot', { onData: lookAgain, onGap: lookAgain })
  return (
    <Page title="Plan">
      <Loaded query={subscription}>
        {(mine) => (
          <Loaded query={plans}>
            {(all) => (
              <>
                <CheckoutReturn key={`${search.checkout} ${search.changed}`} {...search} mine={mine} plans={all} />
                <CurrentPlan mine={mine} plans={all} />
                {!mine.takesPayments && (
                  <Notice tone="info" title="Billing is not set up on this installation.">
                    Nothing can be bought here. A promo code gives you a plan, and so can the operator of this Sath.
                  </Notice>
                )}
                <PriceTable mine={mine} plans={all} canBuy={mine.takesPayments} />
              </>
            )}
          </Loaded>
        )}
      </Loaded>
      <Section title="Promo code">
        <PromoForm plans={plans.data ?? []} />
      </Section>
      {subscription.data?.takesPayments && (
        <Section title="Invoices">
          <Invoices />
        </Section>
      )}
      <Section title="Payments">
        <Payments plans={plans.data ?? []} />
      </Section>
    </Page>
  )
}
