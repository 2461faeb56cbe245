import { Dialog } from 'radix-ui'
import { type ReactNode, useRef } from 'react'

interface ModalProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description: string
  /** For tables and long forms. */
  readonly wide?: boolean
  readonly children: ReactNode
}

/** A form or a text over the page. The focus goes back to where it came from, or to the heading when that is gone. */
export function Modal({ open, onOpenChange, title, description, wide = false, children }: ModalProps) {
  const opener = useRef<HTMLElement>(null)
  const remember = () => {
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null
  }
  const giveBack = (event: Event) => {
    event.preventDefault()
    const from = opener.current?.isConnected ? opener.current : document.querySelector<HTMLElement>('h1')
    from?.focus()
  }
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content
          className={wide ? 'dialog dialog-wide' : 'dialog'}
          onOpenAutoFocus={remember}
          onCloseAutoFocus={giveBack}
        >
          <Dialog.Title>{title}</Dialog.Title>
          <Dialog.Description className="dialog-text">{description}</Dialog.Description>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
