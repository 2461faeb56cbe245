import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { createAttempt } from '../../api/attempt.js'
import { plansQuery } from '../../api/queries.js'
import type { AdminUser, PaymentLink, Plan } from '../../api/types.js'
import { useApp } from '../../app.js'
import { CopyField } from '../../parts/copy-field.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { DialogForm } from '../../parts/dialog-form.js'
import { DialogResult } from '../../parts/dialog-result.js'
import { SelectField } from '../../parts/field.js'
import { Loaded } from '../../parts/loaded.js'
import { optionsOf } from '../../parts/pick-field.js'
import { Time } from '../../parts/time.js'
import { useForm } from '../../parts/use-form.js'
import { cycleTitles } from '../plan/plan-facts.js'
import { SoldPlanField } from './plan-days-fields.js'

/** A checkout made for a user: they are mailed it, and the admin has it to send another way. */
export function SendPaymentLink({ user }: { user: AdminUser }) {
  const { client } = useApp()
  const plans = useQuery(plansQuery(client))
  return (
    <DialogButton
      trigger={{ children: 'Payment link…', 'aria-label': `Make a payment link for ${user.email}` }}
      title="Make a payment link"
      description={`The page of Stripe where ${user.email} subscribes to a plan. They are mailed it, too.`}
    >
      {(close) => <Loaded query={plans}>{(all) => <LinkForm user={user} plans={all} onClose={close} />}</Loaded>}
    </DialogButton>
  )
}

interface LinkFormProps {
  readonly user: AdminUser
  readonly plans: readonly Plan[]
  readonly onClose: () => void
}

function LinkForm({ user, plans, onClose }: LinkFormProps) {
  const { client } = useApp()
  const [attempt] = useState(createAttempt)
  const [link, setLink] = useState<PaymentLink>()
  const form = useForm(['plan', 'cycle'], async ({ plan, cycle }) => {
    const body = { userId: user.id, plan, cycle }
    setLink(await attempt(body, (once) => client.post<PaymentLink>('/admin/payment-links', { body, once })))
  })
  if (link) return <MadeLink link={link} email={user.email} onClose={onClose} />
  return (
    <DialogForm form={form} action="Make the link" onClose={onClose}>
      <div className="fields">
        <SoldPlanField form={form} plans={plans} />
        <SelectField name="cycle" label="Paid" options={optionsOf(cycleTitles)} error={form.errorAt.cycle} />
      </div>
    </DialogForm>
  )
}

interface MadeLinkProps {
  readonly link: PaymentLink
  readonly email: string
  readonly onClose: () => void
}

function MadeLink({ link: { url, expiresAt, mailed }, email, onClose }: MadeLinkProps) {
  const text = mailed
    ? `${email} is mailed it.`
    : `${email} is not mailed it: it was sent before, or the address is not confirmed.`
  return (
    <DialogResult title="The link is ready." text={text} onClose={onClose}>
      <CopyField name="payment-link" label="Link" text={url} />
      <p className="muted">
        It ends <Time at={expiresAt} />.
      </p>
    </DialogResult>
  )
}
