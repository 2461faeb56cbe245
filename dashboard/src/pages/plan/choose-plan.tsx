import { useMutation, useQuery } from '@tanstack/react-query'
import { planPreviewQuery } from '../../api/queries.js'
import type { BillingCycle, Plan, PlanPreview } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { Loaded } from '../../parts/loaded.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import { MoneyFacts } from './money-facts.js'
import { PlanEffects } from './plan-effects.js'

interface ChoosePlanProps {
  readonly plan: Plan
  readonly cycle: BillingCycle
  /** What the user has besides and keeps first. */
  readonly stays: string | undefined
  readonly verb: 'Subscribe to' | 'Change to' | 'Keep'
}

/** Nobody buys a plan without having seen what it costs and does. */
export function ChoosePlan({ plan, cycle, stays, verb }: ChoosePlanProps) {
  return (
    <DialogButton
      wide
      trigger={{ look: 'primary', children: verb.replace(' to', ''), 'aria-label': `${verb} ${plan.name}` }}
      title={`${verb} ${plan.name}?`}
      description="What it costs, and what happens to your bot."
    >
      {(close) => <Choice plan={plan.id} cycle={cycle} stays={stays} onClose={close} />}
    </DialogButton>
  )
}

interface ChoiceProps {
  readonly plan: string
  readonly cycle: BillingCycle
  readonly stays: string | undefined
  readonly onClose: () => void
}

function Choice({ plan, cycle, stays, onClose }: ChoiceProps) {
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
            {stays && <Notice tone="info">{stays}</Notice>}
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
