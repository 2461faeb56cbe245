import type { ReactNode } from 'react'
import { Page } from '../../parts/page.js'

/** A narrow page with one card: the look of everything before the sign-in. */
export function AuthPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="narrow">
      <Page title={title}>
        <div className="card">{children}</div>
      </Page>
    </div>
  )
}
