import type { Clock } from '@sath/core'
import type { AccessTokens } from '../auth/access-token.js'
import type { Authentication } from '../auth/authentication.js'
import type { Strangers } from '../auth/lockout.js'
import type { Deps } from '../deps.js'
import type { Market } from '../market-source.js'
import type { StatusReader } from '../views/bot-status-view.js'

/** What routes are made of: what the app was given, and what it made of it. */
export interface Parts extends Deps {
  readonly tokens: AccessTokens
  readonly authentication: Authentication
  readonly strangers: Strangers
  readonly market: Market
  readonly readStatus: StatusReader
  readonly now: Clock
}
