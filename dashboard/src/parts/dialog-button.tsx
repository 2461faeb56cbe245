import { Dialog } from 'radix-ui'
import { type ReactNode, useRef, useState } from 'react'
import { Button, type ButtonProps } from './button.js'

interface DialogButtonProps {
  /** The button that opens it. */
  readonly trigger: ButtonProps
  readonly title: string
  readonly description: string
  /** For tables and long forms. */
  readonly wide?: boolean
  /** Only there while it is open, so it begins anew each time. */
  readonly children: (close: () => void) => ReactNode
}

/** A form or a text over the page. The focus goes back to its button, or to the heading when that is gone. */
export function DialogButton({ trigger, title, description, wide = false, children }: DialogButtonProps) {
  const [open, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const giveBack = (event: Event) => {
    event.preventDefault()
    const from = opener.current?.isConnected ? opener.current : document.querySelector<HTMLElement>('h1')
    from?.focus()
  }
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button ref={opener} {...trigger} />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className={wide ? 'dialog dialog-wide' : 'dialog'} onCloseAutoFocus={giveBack}>
          <Dialog.Title>{title}</Dialog.Title>
          <Dialog.Description className="dialog-text">{description}</Dialog.Description>
          {children(() => setOpen(false))}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
