import type { ReactNode } from 'react'
import { Button } from '../../parts/button.js'
import { FormErrors } from '../../parts/form-errors.js'
import type { Form } from '../../parts/use-form.js'

interface KeyFieldsProps {
  readonly form: Form
  /** What the sending button says. */
  readonly action: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** The form around the fields of a key. */
export function KeyFields({ form, action, onClose, children }: KeyFieldsProps) {
  return (
    <form className="stack" autoComplete="off" {...form.formProps}>
      <FormErrors form={form} />
      {children}
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" busy={form.busy}>
          {action}
        </Button>
      </div>
    </form>
  )
}
