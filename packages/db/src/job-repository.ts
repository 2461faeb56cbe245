import { AppError } from '@sath/core'
import { and, desc, eq, inArray, notInArray, sql } from 'drizzle-orm'
import { type Actor, audit } from './audit-repository.js'
import type { Db } from './client.js'
import { afterCursor, type Page, type PageRequest, type SortKey, toPage } from './cursor.js'
import { jobs, users } from './schema/index.js'

/** Jobs that compute; the ones a subscriber asks for and sees. */
export const computeKinds = ['backtest', 'simulation'] as const
export type ComputeKind = (typeof computeKinds)[number]
export type JobStatus = (typeof jobs.$inferSelect)['status']

/** Waiting and running jobs that one tenant may have at once, of both kinds together. */
export const maxOpenJobs = 5
/** Ended jobs are kept for so many days, and of each kind the newest so many of a tenant. */
export const keepJobsDays = 30
export const keepJobs = 200

const columns = {
  id: jobs.id,
  status: jobs.status,
  progress: jobs.progress,
  input: jobs.input,
  result: jobs.result,
  createdAt: jobs.createdAt,
  finishedAt: jobs.finishedAt,
}
const open = ['queued', 'running'] as const
const order: readonly SortKey[] = [
  { column: jobs.createdAt, type: 'timestamptz' },
  { column: jobs.id, type: 'uuid' },
]

export type JobRow = Pick<typeof jobs.$inferSelect, keyof typeof columns>

/** Jobs of one kind of one tenant. Bound to its tenant at birth, so no query can forget the filter. */
export function jobRepository(db: Db, tenantId: string, kind: ComputeKind) {
  const mine = and(eq(jobs.tenantId, tenantId), eq(jobs.kind, kind))
  const ended = notInArray(jobs.status, [...open])

  async function forgetOldest(tx: Db): Promise<void> {
    const oldest = tx
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(mine, ended))
      .orderBy(desc(jobs.createdAt), desc(jobs.id))
      .offset(keepJobs)
    await tx.delete(jobs).where(inArray(jobs.id, oldest))
  }

  return {
    /**
     * Asks for a job, in one transaction with its audit row. The tenant's own row is locked, so that requests at the same
     * moment are counted one after the other.
     *
     * @throws AppError rate-limited (too many are waiting or running), account-inactive
     */
    request(actor: Actor, input: Record<string, unknown>): Promise<JobRow> {
      return db.transaction(async (tx) => {
        const [user] = await tx
          .select({ isActive: users.isActive, deletingAt: users.deletingAt })
          .from(users)
          .where(eq(users.id, tenantId))
          .for('no key update')
        if (!user?.isActive || user.deletingAt) throw new AppError('account-inactive', 'This account is closed.')
        const waiting = await tx.$count(
          jobs,
          and(eq(jobs.tenantId, tenantId), inArray(jobs.kind, [...computeKinds]), inArray(jobs.status, [...open])),
        )
        if (waiting >= maxOpenJobs)
          throw new AppError(
            'rate-limited',
            `${waiting} back-tests and simulations are waiting or running already, and ${maxOpenJobs} is the most at once; wait for one to end or cancel one.`,
            { retryAfterSeconds: 10 },
          )
        const [row] = await tx.insert(jobs).values({ tenantId, kind, input }).returning(columns)
        if (!row) throw new Error('the insert returned nothing')
        await forgetOldest(tx)
        await audit(tx, actor, `${kind}.request`, row.id)
        return row
      })
    },
    /** Newest first. */
    async list(filter: { readonly status?: JobStatus | undefined }, page: PageRequest): Promise<Page<JobRow>> {
      const rows = await db
        .select(columns)
        .from(jobs)
        .where(and(mine, filter.status ? eq(jobs.status, filter.status) : undefined, afterCursor(order, page.cursor)))
        .orderBy(desc(jobs.createdAt), desc(jobs.id))
        .limit(page.limit + 1)
      return toPage(
        rows,
        page.limit,
        (row) => [row.createdAt, row.id],
        (row) => row,
      )
    },
    async find(id: string): Promise<JobRow | undefined> {
      const [row] = await db
        .select(columns)
        .from(jobs)
        .where(and(mine, eq(jobs.id, id)))
      return row
    },
    /** Cancels a job that waits or runs, and removes one that has ended. False: there is no such job. */
    cancelOrRemove(actor: Actor, id: string): Promise<boolean> {
      return db.transaction(async (tx) => {
        const cancelled = await tx
          .update(jobs)
          .set({ status: 'cancelled', claimOwner: null, claimToken: null, claimUntil: null, finishedAt: sql`now()` })
          .where(and(mine, eq(jobs.id, id), inArray(jobs.status, [...open])))
          .returning({ id: jobs.id })
        const removed =
          cancelled.length > 0
            ? []
            : await tx
                .delete(jobs)
                .where(and(mine, eq(jobs.id, id), ended))
                .returning({ id: jobs.id })
        if (cancelled.length + removed.length === 0) return false
        await audit(tx, actor, `${kind}.${cancelled.length > 0 ? 'cancel' : 'remove'}`, id)
        return true
      })
    },
  }
}
export type JobRepository = ReturnType<typeof jobRepository>

/** Forgets jobs that ended long ago. */
export async function sweepJobs(db: Db): Promise<void> {
  await db.delete(jobs).where(sql`${jobs.finishedAt} < now() - make_interval(days => ${keepJobsDays})`)
}
