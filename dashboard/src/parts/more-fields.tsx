import type { ReactNode } from 'react'

/** Fields that few people need, folded up until somebody wants them. */
export function MoreFields({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="more-fields">
      <summary>{title}</summary>
      <div className="stack">{children}</div>
    </details>
  )
}
