import { randomUUID } from 'node:crypto'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { jobs } from './schema/index.js'

export type JobKind = (typeof jobs.$inferSelect)['kind']

export interface ClaimedJob {
  readonly id: string
  readonly tenantId: string
  readonly kind: JobKind
  readonly input: Record<string, unknown>
  /** Every later write says it; one that has been taken over meanwhile changes nothing. */
  readonly token: string
  /** 1 the first time. */
  readonly attempt: number
}

export interface JobClaim {
  readonly kinds: readonly JobKind[]
  readonly owner: string
  readonly seconds: number
  /** A job that was begun so often and never ended is left alone; see `giveUpJobs`. Default: without end. */
  readonly maxAttempts?: number
  /** Jobs of these kinds that one tenant may have running at once, so that the others get their turn. Default: without end. */
  readonly perTenant?: number
}

const noClaim = { claimOwner: null, claimToken: null, claimUntil: null }
const endless = 2 ** 31 - 1

/**
 * Takes a job of these kinds that nobody works on, or whose worker has not been heard of in time: of the tenants with the
 * fewest running, the oldest.
 */
export async function claimJob(db: Db, claim: JobClaim): Promise<ClaimedJob | undefined> {
  const token = randomUUID()
  const running = sql`(select count(*) from jobs busy where busy.tenant_id = jobs.tenant_id
    and busy.kind in ${[...claim.kinds]} and busy.status = 'running' and busy.claim_until >= now())`
  const [row] = await db
    .update(jobs)
    .set({
      status: 'running',
      claimOwner: claim.owner,
      claimToken: token,
      claimUntil: sql`now() + make_interval(secs => ${claim.seconds})`,
      attempts: sql`${jobs.attempts} + 1`,
    })
    .where(
      eq(
        jobs.id,
        sql`(select id from jobs where ${inArray(jobs.kind, [...claim.kinds])}
             and (status = 'queued' or (status = 'running' and claim_until < now()))
             and attempts < ${claim.maxAttempts ?? endless} and ${running} < ${claim.perTenant ?? endless}
             order by ${running}, created_at limit 1 for update skip locked)`,
      ),
    )
    .returning({ id: jobs.id, tenantId: jobs.tenantId, kind: jobs.kind, input: jobs.input, attempt: jobs.attempts })
  return row && { ...row, token }
}

/** Reports progress (0…1) and keeps the claim. False: the claim is lost, or the job was cancelled; stop working on it. */
export async function renewJob(db: Db, job: ClaimedJob, progress: number, seconds: number): Promise<boolean> {
  const rows = await db
    .update(jobs)
    .set({ progress, claimUntil: sql`now() + make_interval(secs => ${seconds})` })
    .where(isMine(job))
    .returning({ id: jobs.id })
  return rows.length > 0
}

/** Ends the job. False: the claim was lost and nothing was written. */
export async function finishJob(
  db: Db,
  job: ClaimedJob,
  end: { readonly status: 'done' | 'failed'; readonly result: Record<string, unknown> },
): Promise<boolean> {
  const rows = await db
    .update(jobs)
    .set({ ...end, ...noClaim, ...(end.status === 'done' ? { progress: 1 } : {}), finishedAt: sql`now()` })
    .where(isMine(job))
    .returning({ id: jobs.id })
  return rows.length > 0
}

/**
 * Hands the job back to be begun anew. `counts`: the attempt came to nothing by the job's own doing; otherwise it is taken as
 * if it had not been.
 */
export async function releaseJob(db: Db, job: ClaimedJob, { counts }: { readonly counts: boolean }): Promise<void> {
  await db
    .update(jobs)
    .set({ ...noClaim, status: 'queued', progress: 0, attempts: counts ? job.attempt : job.attempt - 1 })
    .where(isMine(job))
}

/** Fails the jobs of these kinds that were begun `maxAttempts` times and whose last worker is not heard of any more. */
export async function giveUpJobs(
  db: Db,
  { kinds, maxAttempts, error }: { kinds: readonly JobKind[]; maxAttempts: number; error: string },
): Promise<string[]> {
  const rows = await db
    .update(jobs)
    .set({ ...noClaim, status: 'failed', result: { error }, finishedAt: sql`now()` })
    .where(
      and(
        inArray(jobs.kind, [...kinds]),
        eq(jobs.status, 'running'),
        sql`${jobs.claimUntil} < now() and ${jobs.attempts} >= ${maxAttempts}`,
      ),
    )
    .returning({ id: jobs.id })
  return rows.map(({ id }) => id)
}

function isMine({ id, token }: ClaimedJob) {
  return and(eq(jobs.id, id), eq(jobs.claimToken, token), eq(jobs.status, 'running'))
}
