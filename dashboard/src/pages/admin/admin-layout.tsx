import { Link, Outlet } from '@tanstack/react-router'
import { TabNav } from '../../parts/tab-nav.js'

/** The tabs of the operator's pages. */
export function AdminLayout() {
  return (
    <>
      <div className="sub-nav">
        <TabNav label="Admin">
          <Link to="/admin" activeOptions={{ exact: true }}>
            Bots
          </Link>
          <Link to="/admin/users">Users</Link>
          <Link to="/admin/promo-codes">Promo codes</Link>
          <Link to="/admin/payments">Payments</Link>
          <Link to="/admin/plans">Plans</Link>
          <Link to="/admin/audit">Audit</Link>
        </TabNav>
      </div>
      <Outlet />
    </>
  )
}
