import { useRouter } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'

/** Links to pages, in a row. Where it does not fit it scrolls, and the page that is open is brought into view. */
export function TabNav({ label, children }: { label: string; children: ReactNode }) {
  const nav = useRef<HTMLElement>(null)
  const router = useRouter()
  useEffect(() => {
    const showOpen = () => bringOpenIntoView(nav.current)
    showOpen()
    return router.subscribe('onRendered', ({ pathChanged }) => pathChanged && showOpen())
  }, [router])
  return (
    <nav ref={nav} className="tabs" aria-label={label}>
      {children}
    </nav>
  )
}

function bringOpenIntoView(nav: HTMLElement | null): void {
  const link = nav?.querySelector<HTMLElement>('[aria-current="page"]')
  if (!nav || !link) return
  const middle = link.offsetLeft - nav.offsetLeft + link.offsetWidth / 2
  nav.scrollLeft = middle - nav.clientWidth / 2
}
