import type { ReactNode } from 'react'
import type { Tone } from './tone.js'

/** A short state. The words carry the meaning, the colour only helps. */
export function Badge({ tone, children }: { tone: Tone | 'none'; children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>
}
