import { type Db, type NewMail, noteMailed, outboxRepository, userRepository } from '@sath/db'
import type { Logger } from 'pino'
import { errorFields } from '../http/error-fields.js'
import type { Reader } from './mail-of.js'

/** A fact that a tenant is to be mailed about once. */
export interface Reminder {
  readonly tenantId: string
  /** Notes in the mail's own transaction that it was told; false: it was already. Of several at once one gets true. */
  note(tx: Db): Promise<boolean>
  /** Absent: the fact needs no mail, and is only noted. */
  readonly mail?: (reader: Reader) => NewMail
}

/** Facts that are due now and were not noted yet, the most urgent first; a bounded number of them. */
export type ReminderSource = (db: Db) => Promise<readonly Reminder[]>

/** A reminder of something that has a name for ever, for example "invoice/<invoice id>". */
export function reminderOf(tenantId: string, fact: string, mail: (reader: Reader) => NewMail): Reminder {
  return { tenantId, mail, note: (tx) => noteMailed(tx, tenantId, fact) }
}

/**
 * Puts the mail into the outbox unless the fact was told before; safe to repeat and to run in several programs at once. In a
 * transaction that is open already it is part of that. False: nothing was to be sent.
 */
export function mailOnce(db: Db, { tenantId, note, mail }: Reminder, publicUrl: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await note(tx)) || !mail) return false
    const user = await userRepository(tx).findById(tenantId)
    // An address that nobody confirmed may be a stranger's.
    if (!user?.isActive || user.deletingAt || !user.emailVerifiedAt) return false
    await outboxRepository(tx).add(mail({ ...user, publicUrl }))
    return true
  })
}

export interface RemindersOptions {
  readonly db: Db
  readonly log: Logger
  readonly publicUrl: string
  readonly sources: readonly ReminderSource[]
  readonly everyMs?: number
}

/** Looks at once and then every minute for what tenants are to be reminded of. */
export function startReminders({ everyMs = 60_000, ...options }: RemindersOptions): { stop(): Promise<void> } {
  let running = remindDue(options)
  const timer = setInterval(() => {
    running = running.then(() => remindDue(options))
  }, everyMs)
  return {
    stop: () => {
      clearInterval(timer)
      return running
    },
  }
}

/** One round. What fails is logged and left to the next round; it holds up no other. */
export async function remindDue({ db, log, publicUrl, sources }: Omit<RemindersOptions, 'everyMs'>): Promise<void> {
  const attempt = async (what: string, run: () => Promise<unknown>) => {
    try {
      await run()
    } catch (error) {
      log.warn({ err: errorFields(error) }, what)
    }
  }
  for (const source of sources)
    await attempt('reminders wait', async () => {
      for (const reminder of await source(db))
        await attempt('a reminder waits', () => mailOnce(db, reminder, publicUrl))
    })
}
