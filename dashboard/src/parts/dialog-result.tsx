import type { ReactNode } from 'react'
import { Button } from './button.js'
import { Notice } from './notice.js'

interface DialogResultProps {
  readonly title: string
  readonly text: ReactNode
  readonly onClose: () => void
  /** What is to be taken along. */
  readonly children?: ReactNode
}

/** What a form in a dialog has brought about, in its place. */
export function DialogResult({ title, text, onClose, children }: DialogResultProps) {
  return (
    <div className="stack">
      <Notice tone="good" title={title}>
        {text}
      </Notice>
      {children}
      <div className="dialog-actions">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  )
}
