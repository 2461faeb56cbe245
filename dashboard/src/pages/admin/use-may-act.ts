import { useUser } from '../../app.js'

/** Support may look; only admins act. */
export function useMayAct(): boolean {
  const role = useUser()?.role
  return role === 'admin' || role === 'superadmin'
}
