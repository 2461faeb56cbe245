import { useState } from 'react'
import { createAttempt } from '../../api/attempt.js'
import type { Plan, Redeemed } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { TextField } from '../../parts/field.js'
import { FormErrors } from '../../parts/form-errors.js'
import { dateTime } from '../../parts/format.js'
import { Notice } from '../../parts/notice.js'
import { useForm } from '../../parts/use-form.js'
import { planName } from './plan-facts.js'
import { useBillingChanged } from './use-billing.js'

/** A code, and the days of a plan that it gave. */
export function PromoForm({ plans }: { plans: readonly Plan[] }) {
  const { client } = useApp()
  const changed = useBillingChanged()
  const [attempt] = useState(createAttempt)
  const [given, setGiven] = useState<Redeemed['grant']>()
  const form = useForm(['code'], async ({ code = '' }) => {
    const body = { code: code.trim() }
    setGiven(undefined)
    const { grant } = await attempt(body, (once) => client.post<Redeemed>('/billing/promo', { body, once }))
    setGiven(grant)
    await changed()
  })
  return (
    <form className="stack" {...form.formProps}>
      <div className="fields">
        <TextField
          name="code"
          label="Code"
          required
          maxLength={100}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          help="Each code works once for you. Its days come after those you have, so none is lost."
          error={form.errorAt.code}
        />
      </div>
      <FormErrors form={form} />
      {given && (
        <Notice tone="good" title="The code is yours.">
          {givenText(planName(plans, given.plan), given)}
        </Notice>
      )}
      <div className="form-actions">
        <Button look="primary" type="submit" busy={form.busy}>
          Redeem
        </Button>
      </div>
    </form>
  )
}

function givenText(name: string, { startsAt, endsAt }: Redeemed['grant']): string {
  const until = endsAt === null ? 'without end' : `until ${dateTime(endsAt)}`
  return Date.parse(startsAt) > Date.now()
    ? `It gives you ${name} from ${dateTime(startsAt)}, after what you have now, ${until}.`
    : `You have ${name} ${until}.`
}
