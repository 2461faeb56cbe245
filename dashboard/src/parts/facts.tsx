import type { ReactNode } from 'react'

/** Names and values, side by side. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>
}

interface FactProps {
  readonly name: string
  /** For what is long and should stay on one line. */
  readonly wide?: boolean
  readonly children: ReactNode
}

export function Fact({ name, wide = false, children }: FactProps) {
  return (
    <div className={wide ? 'fact-wide' : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
