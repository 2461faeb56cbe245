import { Link } from '@tanstack/react-router'
import { TabNav } from '../parts/tab-nav.js'

/** Every page. */
export function MainNav({ isStaff }: { isStaff: boolean }) {
  return (
    <TabNav label="Main">
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
    </TabNav>
  )
}
