import { Dialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { Button, type ButtonProps } from './button.js'
import { useOpener } from './use-opener.js'

interface DialogButtonProps {
  /** The button that opens it. */
  readonly trigger: ButtonProps
  readonly title: string
  readonly description: string
  /** For tables and long forms. */
  readonly wide?: boolean
  /** A click beside it does not close it, where it shows what cannot be shown again. */
  readonly stays?: boolean
  /** Only there while it is open, so it begins anew each time. */
  readonly children: (close: () => void) => ReactNode
}

/** A form or a text over the page. */
export function DialogButton({
  trigger,
  title,
  description,
  wide = false,
  stays = false,
  children,
}: DialogButtonProps) {
  const [open, setOpen] = useState(false)
  const { opener, giveFocusBack } = useOpener()
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button ref={opener} {...trigger} />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content
          className={wide ? 'dialog dialog-wide' : 'dialog'}
          onCloseAutoFocus={giveFocusBack}
          onInteractOutside={(event) => stays && event.preventDefault()}
        >
          <Dialog.Title>{title}</Dialog.Title>
          <Dialog.Description className="dialog-text">{description}</Dialog.Description>
          {children(() => setOpen(false))}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
