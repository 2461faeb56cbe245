import { ErrorNotice, Notice } from './notice.js'
import type { Form } from './use-form.js'

/** What was wrong and belongs to no field. */
export function FormErrors({ form }: { form: Form }) {
  if (form.error === undefined || form.error === null) return null
  return (
    <>
      <ErrorNotice error={form.error} />
      {form.others.map((message) => (
        <Notice key={message} tone="bad">
          {message}
        </Notice>
      ))}
    </>
  )
}
