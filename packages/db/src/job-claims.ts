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
}

/** Takes the oldest job of these kinds that nobody works on, or whose worker has not been heard of in time. */
export async function claimJob(
  db: Db,
  claim: { readonly kinds: readonly JobKind[]; readonly owner: string; readonly seconds: number },
): Promise<ClaimedJob | undefined> {
  const token = randomUUID()
  const [row] = await db
    .update(jobs)
    .set({
      status: 'running',
      claimOwner: claim.owner,
      claimToken: token,
      claimUntil: sql`now() + make_interval(secs => ${claim.seconds})`,
    })
    .where(
      eq(
        jobs.id,
        sql`(select id from jobs where ${inArray(jobs.kind, [...claim.kinds])}
             and (status = 'queued' or (status = 'running' and claim_until < now()))
             order by created_at limit 1 for update skip locked)`,
      ),
    )
    .returning({ id: jobs.id, tenantId: jobs.tenantId, kind: jobs.kind, input: jobs.input })
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
    .set({ ...end, progress: 1, finishedAt: sql`now()`, claimOwner: null, claimToken: null, claimUntil: null })
    .where(isMine(job))
    .returning({ id: jobs.id })
  return rows.length > 0
}

function isMine({ id, token }: ClaimedJob) {
  return and(eq(jobs.id, id), eq(jobs.claimToken, token), eq(jobs.status, 'running'))
}
