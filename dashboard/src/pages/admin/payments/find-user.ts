import type { Client } from '../../../api/client.js'
import { ApiError } from '../../../api/problem.js'
import type { AdminUser, Page } from '../../../api/types.js'

/** The user with exactly this address. @throws ApiError at the field `email` when there is none */
export async function findUser(client: Client, email: string): Promise<AdminUser> {
  const { items } = await client.get<Page<AdminUser>>('/admin/users', { query: { query: email, limit: 100 } })
  const user = items.find((each) => each.email.toLowerCase() === email.toLowerCase())
  if (user) return user
  const message = 'Nobody has this address'
  throw new ApiError(404, 'not-found', `${message}.`, [{ path: 'email', message }])
}
