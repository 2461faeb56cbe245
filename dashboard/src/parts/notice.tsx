import type { ReactNode } from 'react'
import { sentence } from '../api/problem.js'
import type { Tone } from './tone.js'

/** A message that belongs to what it stands beside. Screen readers hear it as it appears; a bad one at once. */
export function Notice({ tone, title, children }: { tone: Tone; title?: string; children?: ReactNode }) {
  return (
    <div className={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {title && <strong>{title}</strong>}
      {children && <div>{children}</div>}
    </div>
  )
}

/** Whatever was thrown, as a notice; nothing for no error. */
export function ErrorNotice({ error, children }: { error: unknown; children?: ReactNode }) {
  if (!error) return null
  return (
    <Notice tone="bad">
      {sentence(error)} {children}
    </Notice>
  )
}
