import type { NewMail } from '@sath/db'
import { liveStoppedMail } from '../mail/letters/live-stopped-mail.js'
import { type ChangedPlan, planChangedMail } from '../mail/letters/plan-changed-mail.js'
import type { Reader } from '../mail/mail-of.js'

/** One mail for one change: that a live bot was stopped says more than that the plan is another. */
export function planChangeMail(change: ChangedPlan, reader: Reader): NewMail {
  const { to: plan, preview } = change
  return preview.held ? liveStoppedMail({ plan, preview }, reader) : planChangedMail(change, reader)
}
