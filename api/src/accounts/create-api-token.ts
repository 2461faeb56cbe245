import { AppError } from '@sath/core'
import {
  type Actor,
  type ApiTokenRow,
  apiTokenRepository,
  audit,
  type Db,
  effectivePlan,
  type NewApiToken,
  tokenRepository,
  userRepository,
} from '@sath/db'
import { noApiAccess } from '../auth/api-tokens.js'

/**
 * Makes an API token and tells it this once. Whether the sign-in stands and what the plan allows is asked again under the lock
 * that a reset and a deactivation take: whoever is just being locked out keeps no way in.
 *
 * @throws AppError unauthenticated, plan-limit, too-many-tokens
 */
export function createApiToken(
  db: Db,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
  wish: NewApiToken,
  actor: Actor,
): Promise<{ readonly row: ApiTokenRow; readonly token: string }> {
  return db.transaction(async (tx) => {
    await userRepository(tx).lock(userId)
    if (!(await tokenRepository(tx).session(userId, sessionId)))
      throw new AppError('unauthenticated', 'This sign-in has ended.')
    const { limits } = await effectivePlan(tx, userId)
    if (!limits.apiAccess) throw noApiAccess()
    const created = await apiTokenRepository(tx, userId).create(wish)
    const { id, scope, expiresAt } = created.row
    await audit(tx, actor, 'token.create', id, { scope, expiresAt: expiresAt?.toISOString() ?? null })
    return created
  })
}
