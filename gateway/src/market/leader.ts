import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@sath/db'
import type { Logger } from 'pino'

/** How often a gateway without the lead asks for it, and one with it makes sure, ms. */
const checkEveryMs = 2_000

/**
 * One gateway leads a source: whoever holds its advisory lock, which ends with the connection that took it. `lead` and
 * `follow` are called in turn, `follow` first of all where another one leads already.
 */
export async function contendForLead(deps: {
  readonly sql: Database['sql']
  readonly source: string
  readonly signal: AbortSignal
  readonly log: Logger
  readonly lead: () => Promise<void>
  readonly follow: () => Promise<void>
}): Promise<void> {
  const { sql, source, signal, log } = deps
  let leading: boolean | undefined
  while (!signal.aborted) {
    try {
      // The lock lasts as long as its transaction. One that reads nothing holds nothing else back.
      await sql.begin(async (line) => {
        while (!signal.aborted) {
          const [row] =
            await line`select pg_try_advisory_xact_lock(hashtextextended(${`sath:feed:${source}`}, 0)) as mine`
          const mine = row?.mine === true
          if (mine !== leading) {
            log.info({ source }, mine ? 'this gateway leads the source' : 'another gateway leads the source')
            leading = mine
            await (mine ? deps.lead() : deps.follow())
          }
          await delay(checkEveryMs, undefined, { signal })
        }
      })
    } catch (error) {
      if (signal.aborted) return
      log.warn({ source, err: error }, 'the lead of the source is uncertain')
      // The feed goes on meanwhile: without a database nothing it brings can be stored, and storing twice is harmless.
      await delay(200, undefined, { signal }).catch(() => {})
    }
  }
}
