import { useLocation } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'

/** Links to pages, in a row. Where it does not fit it scrolls, and the page that is open is brought into view. */
export function TabNav({ label, children }: { label: string; children: ReactNode }) {
  const nav = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is another current link
  useEffect(() => {
    const link = nav.current?.querySelector<HTMLElement>('[aria-current="page"]')
    if (!nav.current || !link) return
    const middle = link.offsetLeft - nav.current.offsetLeft + link.offsetWidth / 2
    nav.current.scrollLeft = middle - nav.current.clientWidth / 2
  }, [pathname])
  return (
    <nav ref={nav} className="tabs" aria-label={label}>
      {children}
    </nav>
  )
}
