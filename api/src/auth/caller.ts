import type { ApiTokenScope, Role } from '@sath/db'

/** Who is asking, and by what they are known. */
export interface Caller {
  /** User id, and for a subscriber the tenant id. */
  readonly id: string
  /** Of an API token always `subscriber`, whoever's it is. */
  readonly role: Role
  /** When what they are known by ends, epoch ms; null: not by itself. */
  readonly expiresAt: number | null
  readonly by: SignIn | ShownToken
}

export interface SignIn {
  readonly kind: 'sign-in'
  readonly sessionId: string
}

/** One of the user's own programs. */
export interface ShownToken {
  readonly kind: 'api-token'
  readonly tokenId: string
  readonly scope: ApiTokenScope
}
