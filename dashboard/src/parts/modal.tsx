import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'

interface ModalProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description: string
  /** For tables and long forms. */
  readonly wide?: boolean
  readonly children: ReactNode
}

/** A form or a text over the page. */
export function Modal({ open, onOpenChange, title, description, wide = false, children }: ModalProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className={wide ? 'dialog dialog-wide' : 'dialog'}>
          <Dialog.Title>{title}</Dialog.Title>
          <Dialog.Description className="dialog-text">{description}</Dialog.Description>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
