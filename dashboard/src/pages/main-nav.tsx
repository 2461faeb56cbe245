import { Link, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

/** Every page. On a phone it scrolls, and the page that is open is brought into view. */
export function MainNav({ isStaff }: { isStaff: boolean }) {
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
    <nav ref={nav} aria-label="Main">
      <Link to="/" activeOptions={{ exact: true }}>
        Bot
      </Link>
      <Link to="/setup">Set up</Link>
      <Link to="/keys">Keys</Link>
      <Link to="/market">Market</Link>
      <Link to="/trades">Trades</Link>
      <Link to="/decisions">Decisions</Link>
      <Link to="/backtests">Back-tests</Link>
      <Link to="/simulations">Simulations</Link>
      <Link to="/billing">Plan</Link>
      <Link to="/account">Account</Link>
      {isStaff && <Link to="/admin">Admin</Link>}
    </nav>
  )
}
