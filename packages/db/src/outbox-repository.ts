import { and, desc, eq, gte, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { nowAsStored } from './schema/columns.js'
import { outbox } from './schema/index.js'

export type Mail = typeof outbox.$inferSelect
export interface NewMail {
  /** Lower-case. */
  readonly to: string
  readonly subject: string
  readonly text: string
  /** The same as `text`; absent: a mail of text alone. */
  readonly html?: string
  readonly links?: readonly string[]
  readonly token?: string
  /** Anybody who types in the address can have it sent: it counts against the address's hourly limit. */
  readonly askedFor?: boolean
}

/** A mail that somebody asked for is not sent after this: its link no longer works. All others wait until they are forgotten. */
const linkLives = sql`interval '24 hours'`

/** Mails wait here, written in the transaction that is their reason; where no mail server is set they are read here. */
export function outboxRepository(db: Db) {
  return {
    async add(mail: NewMail): Promise<void> {
      await db.insert(outbox).values({
        toAddress: mail.to,
        subject: mail.subject,
        text: mail.text,
        html: mail.html ?? null,
        links: mail.links ?? [],
        token: mail.token ?? null,
        askedFor: mail.askedFor ?? false,
      })
    },
    /** Mails that somebody asked for to one address within the last hour: nobody's mailbox is to be flooded through us. */
    async countAskedFor(to: string): Promise<number> {
      const [row] = await db
        .select({ n: sql<number>`count(*)::int` })
        .from(outbox)
        .where(
          and(
            eq(outbox.toAddress, to),
            eq(outbox.askedFor, true),
            gte(outbox.createdAt, sql`now() - interval '1 hour'`),
          ),
        )
      return row?.n ?? 0
    },
    /** The newest 100 to an address, or to anybody. */
    list(to: string | undefined): Promise<Mail[]> {
      return db
        .select()
        .from(outbox)
        .where(to === undefined ? undefined : eq(outbox.toAddress, to))
        .orderBy(desc(outbox.createdAt), desc(outbox.id))
        .limit(100)
    },
    /**
     * Takes mails that are due and counts the try. Each is nobody else's until its next attempt (30 s, doubling up to 6 h), so one that
     * is neither marked sent nor tried again was lost with its program and comes back by itself.
     */
    async claimDue(limit: number): Promise<Mail[]> {
      const due = db
        .select({ id: outbox.id })
        .from(outbox)
        .where(
          and(
            isNull(outbox.sentAt),
            lte(outbox.nextAttemptAt, nowAsStored),
            or(eq(outbox.askedFor, false), sql`${outbox.createdAt} > now() - ${linkLives}`),
          ),
        )
        .orderBy(outbox.nextAttemptAt)
        .limit(limit)
        .for('update', { skipLocked: true })
      return db
        .update(outbox)
        .set({
          attempts: sql`${outbox.attempts} + 1`,
          nextAttemptAt: sql`now() + least(interval '30 seconds' * power(2, ${outbox.attempts}), interval '6 hours')`,
        })
        .where(sql`${outbox.id} in ${due}`)
        .returning()
    },
    async markSent(id: string): Promise<void> {
      await db.update(outbox).set({ sentAt: sql`now()` }).where(eq(outbox.id, id))
    },
    /** Forgets mails older than a week: they hold addresses and tokens. */
    async sweep(): Promise<void> {
      await db.delete(outbox).where(sql`${outbox.createdAt} < now() - interval '7 days'`)
    },
  }
}
export type OutboxRepository = ReturnType<typeof outboxRepository>
