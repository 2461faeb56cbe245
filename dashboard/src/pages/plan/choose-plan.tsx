import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { planPreviewQuery } from '../../api/queries.js'
import type { BillingCycle, Plan, PlanPreview } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { Loaded } from '../../parts/loaded.js'
import { Modal } from '../../parts/modal.js'
import { ErrorNotice } from '../../parts/notice.js'
import { MoneyFacts } from './money-facts.js'
import { PlanEffects } from './plan-effects.js'

interface ChoosePlanProps {
  readonly plan: Plan
  readonly cycle: BillingCycle
  /** There is a subscription, which becomes another. */
  readonly isChange: boolean
}

/** Nobody buys a plan without having seen what it costs and does. */
export function ChoosePlan({ plan, cycle, isChange }: ChoosePlanProps) {
  const [open, setOpen] = useState(false)
  const verb = isChange ? 'Change to' : 'Subscribe to'
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        {verb} {plan.name}
      </Button>
      <Modal
        open={open}
        onOpenChange={setOpen}
        title={`${verb} ${plan.name}?`}
        description="What it costs, and what happens to your bot."
      >
        <Choice plan={plan.id} cycle={cycle} onClose={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function Choice({ plan, cycle, onClose }: { plan: string; cycle: BillingCycle; onClose: () => void }) {
  const { client } = useApp()
  const preview = useQuery(planPreviewQuery(client, plan, cycle))
  const subscribe = useMutation({
    mutationFn: () => client.post<{ checkoutUrl: string }>('/billing/subscribe', { body: { plan, cycle } }),
    onSuccess: ({ checkoutUrl }) => location.assign(checkoutUrl),
  })
  return (
    <div className="stack">
      <Loaded query={preview}>
        {({ money, effects }) => (
          <>
            <MoneyFacts cost={money} cycle={cycle} />
            <PlanEffects effects={effects} />
            {money.takesEffect === 'checkout' && (
              <p className="muted">You pay on Stripe’s page. Sath never sees your card.</p>
            )}
            <ErrorNotice error={subscribe.error} />
          </>
        )}
      </Loaded>
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        {preview.data && (
          // After it the browser leaves, so the button stays busy.
          <Button look="primary" busy={subscribe.isPending || subscribe.isSuccess} onClick={() => subscribe.mutate()}>
            {actions[preview.data.money.takesEffect]}
          </Button>
        )}
      </div>
    </div>
  )
}

const actions: Readonly<Record<PlanPreview['money']['takesEffect'], string>> = {
  checkout: 'Go to the checkout',
  now: 'Change now',
  'period-end': 'Change at the end of the period',
  none: 'Keep this plan',
}
