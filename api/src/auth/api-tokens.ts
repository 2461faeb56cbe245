import { AppError, type Clock } from '@sath/core'
import { type ApiTokenHolder, type Db, findApiToken, noteApiTokenUse, tokenHash } from '@sath/db'
import type { Logger } from 'pino'
import { errorFields } from '../http/error-fields.js'
import { believed } from './believed.js'

/** Whose an API token is, while it stands and the plan in force has API access. */
export function createApiTokens({ db, log, now }: { readonly db: Db; readonly log: Logger; readonly now: Clock }) {
  const answers = believed<ApiTokenHolder>(now)
  /** Beside the request: who asks neither waits for it nor fails by it. */
  const noteUse = (tokenId: string) => {
    noteApiTokenUse(db, tokenId).catch((error: unknown) =>
      log.warn({ err: errorFields(error), tokenId }, 'use of an API token not noted'),
    )
  }
  return {
    /**
     * @param beforeSearch awaited before the database is asked about a token that was nobody's, as far as is known
     * @throws AppError unauthenticated, plan-limit, and what `beforeSearch` throws
     */
    async check(token: string, beforeSearch: () => Promise<void>): Promise<ApiTokenHolder> {
      const hash = tokenHash(token)
      const holder = await answers.get(hash, async (wasKnown) => {
        if (!wasKnown) await beforeSearch()
        const found = await findApiToken(db, hash)
        if (found?.hasAccess && found.isUseDue) noteUse(found.id)
        return found
      })
      if (!holder) throw new AppError('unauthenticated', 'This API token is unknown or has ended.')
      if (!holder.hasAccess) throw noApiAccess()
      return holder
    },
    forget: answers.forget,
  }
}
export type ApiTokens = ReturnType<typeof createApiTokens>

export function noApiAccess(): AppError {
  return new AppError('plan-limit', 'The plan does not allow this.', {
    errors: [{ path: 'apiAccess', message: 'the plan has no API access' }],
  })
}
