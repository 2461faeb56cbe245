import { AlertDialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { Button, type ButtonProps } from './button.js'
import { ErrorNotice } from './notice.js'
import { useOpener } from './use-opener.js'

interface ConfirmProps {
  /** The button that asks. */
  readonly trigger: ButtonProps
  readonly title: string
  readonly children: ReactNode
  /** What the confirming button says. */
  readonly action: string
  readonly look?: 'danger' | 'primary'
  readonly onConfirm: () => Promise<unknown>
}

/** Asks before something that cannot be taken back. Stays open while it works, and when it fails. */
export function Confirm({ trigger, title, children, action, look = 'danger', onConfirm }: ConfirmProps) {
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const { opener, giveFocusBack } = useOpener()

  async function confirm(): Promise<void> {
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      setOpen(false)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger asChild>
        <Button ref={opener} {...trigger} />
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content className="dialog" onCloseAutoFocus={giveFocusBack}>
          <AlertDialog.Title>{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="dialog-text">{children}</div>
          </AlertDialog.Description>
          <ErrorNotice error={error} />
          <div className="dialog-actions">
            <AlertDialog.Cancel asChild>
              <Button>Cancel</Button>
            </AlertDialog.Cancel>
            <Button look={look} busy={busy} onClick={confirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
