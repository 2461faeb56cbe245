import { AppError } from '@sath/core'
import { isApiToken } from '@sath/db'
import type { Deps } from '../deps.js'
import { takeOrRefuse } from '../http/rate-limits.js'
import type { AccessTokens } from './access-token.js'
import type { ApiTokens } from './api-tokens.js'
import type { Caller } from './caller.js'
import type { Sessions } from './sessions.js'

export interface Authentication {
  /**
   * Who shows this: an access token of a sign-in that still stands, or an API token.
   *
   * @param address where from: tokens that are nobody's are counted against it
   * @throws AppError unauthenticated, plan-limit (an API token, on a plan without API access), rate-limited
   */
  authenticate(bearer: string, address: string): Promise<Caller>
  /** Something about this user's access has changed: believe nothing that was known. */
  forget(userId: string): void
}

export function createAuthentication({
  tokens,
  sessions,
  apiTokens,
  limiter,
  limits,
}: Pick<Deps, 'limiter' | 'limits'> & {
  readonly tokens: AccessTokens
  readonly sessions: Sessions
  readonly apiTokens: ApiTokens
}): Authentication {
  return {
    async authenticate(bearer, address) {
      if (isApiToken(bearer)) {
        const count = () => takeOrRefuse(limiter, `open:${address}`, limits.open)
        const { id: tokenId, userId, scope, expiresAt } = await apiTokens.check(bearer, count)
        const by = { kind: 'api-token', tokenId, scope } as const
        return { id: userId, role: 'subscriber', expiresAt: expiresAt?.getTime() ?? null, by }
      }
      const { sub, sid, exp } = tokens.verify(bearer)
      const session = await sessions.check(sub, sid)
      if (!session) throw new AppError('unauthenticated', 'This sign-in has ended.')
      return { id: sub, role: session.role, expiresAt: exp * 1000, by: { kind: 'sign-in', sessionId: sid } }
    },
    forget(userId) {
      sessions.forget(userId)
      apiTokens.forget(userId)
    },
  }
}
