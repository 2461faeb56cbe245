import { useMutation, useQuery } from '@tanstack/react-query'
import { planPreviewQuery } from '../../api/queries.js'
import type { BillingCycle, Plan } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { dateTime } from '../../parts/format.js'
import { Loaded } from '../../parts/loaded.js'
import { ErrorNotice } from '../../parts/notice.js'
import { PlanEffects } from './plan-effects.js'
import { isFree } from './plan-facts.js'
import { useBillingChanged } from './use-billing.js'

interface CancelPlanProps {
  readonly plans: readonly Plan[]
  readonly cycle: BillingCycle
  /** What the button says, before "to Free". */
  readonly label?: string
}

/** The end of a subscription, with what it means for the bot before it is decided. */
export function CancelPlan({ plans, cycle, label }: CancelPlanProps) {
  const free = plans.find(isFree)
  if (!free) return null
  return (
    <DialogButton
      wide
      trigger={{
        look: 'danger',
        children: label ?? 'Cancel the subscription',
        'aria-label': label && `${label} to ${free.name}`,
      }}
      title="Cancel the subscription?"
      description={`After what is paid for you have the plan ${free.name} again, unless something else gives you more.`}
    >
      {(close) => <Cancellation free={free.id} cycle={cycle} onClose={close} />}
    </DialogButton>
  )
}

function Cancellation({ free, cycle, onClose }: { free: string; cycle: BillingCycle; onClose: () => void }) {
  const { client } = useApp()
  const changed = useBillingChanged()
  const preview = useQuery(planPreviewQuery(client, free, cycle))
  const cancel = useMutation({
    mutationFn: () => client.post('/billing/cancel', { body: {} }),
    async onSuccess() {
      await changed()
      onClose()
    },
  })
  return (
    <div className="stack">
      <Loaded query={preview}>
        {({ money, effects }) => (
          <>
            {money.at && (
              <p>
                It ends on <strong>{dateTime(money.at)}</strong>. Until then nothing changes, and you can take it back.
                This is what happens then:
              </p>
            )}
            <PlanEffects effects={effects} />
          </>
        )}
      </Loaded>
      <ErrorNotice error={cancel.error} />
      <div className="dialog-actions">
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
          Cancel at the end of the period
        </Button>
      </div>
    </div>
  )
}
