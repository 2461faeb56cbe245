import type { ReactNode } from 'react'
import { Button, type ButtonProps } from './button.js'
import { FormErrors } from './form-errors.js'
import type { Form } from './use-form.js'

interface DialogFormProps {
  readonly form: Form
  /** What the sending button says. */
  readonly action: string
  readonly look?: ButtonProps['look']
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A form in a dialog, with the buttons that end it. */
export function DialogForm({ form, action, look = 'primary', onClose, children }: DialogFormProps) {
  const { onSubmit, ...rest } = form.formProps
  return (
    <form
      className="stack"
      autoComplete="off"
      {...rest}
      onSubmit={(event) => {
        // In React a dialog is inside of the form its button is in, which must not be sent with it.
        event.stopPropagation()
        onSubmit(event)
      }}
    >
      <FormErrors form={form} />
      {children}
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button look={look} type="submit" busy={form.busy}>
          {action}
        </Button>
      </div>
    </form>
  )
}
