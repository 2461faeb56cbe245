import { type ClaimedJob, type Db, finishJob, releaseJob, renewJob } from '@sath/db'
import type { Logger } from 'pino'
import { type Pool, ranOutOfMemory, type ThreadAnswer } from './pool.js'

/** A job begun so often without an end is given up. */
export const maxAttempts = 3
/** Without a sign of its worker for so long, a job is taken over. */
export const claimSeconds = 15

export const gaveUp = `The computation broke ${maxAttempts} times without a result. Try a smaller one, and tell us if it happens again.`

export interface RunOptions {
  readonly db: Db
  readonly pool: Pool
  readonly log: Logger
  readonly timeLimitMs: number
  /** Between two looks at the row: progress is written and a cancel is seen as often. */
  readonly renewEveryMs: number
  /** Aborted when this program is to end. */
  readonly stopping: AbortSignal
}

type Ended = 'taken' | 'time-limit' | 'stopping'
type End = { readonly answer: ThreadAnswer } | { readonly ended: Ended } | { readonly error: unknown }

/** Computes a claimed job in a thread and writes how it ended. The row is the truth: once it is not ours, nothing is written. */
export async function runJob(job: ClaimedJob, options: RunOptions): Promise<void> {
  const { db, log } = options
  const fields = { tenantId: job.tenantId, jobId: job.id, kind: job.kind, attempt: job.attempt }
  const end = await compute(job, options)
  if ('ended' in end) {
    log.info({ ...fields, reason: end.ended }, 'job ended early')
    if (end.ended === 'stopping') await releaseJob(db, job, { counts: false })
    if (end.ended === 'time-limit') await fail(`It took longer than ${words(options.timeLimitMs)}, which is the most.`)
    return
  }
  if ('answer' in end) {
    const { answer } = end
    if ('refusal' in answer) await fail(answer.refusal)
    else {
      const written = await finishJob(db, job, { status: 'done', result: answer.report })
      log.info({ ...fields, written }, 'job done')
    }
    return
  }
  log.error({ ...fields, err: end.error }, 'job broke')
  if (ranOutOfMemory(end.error)) await fail('It needs more memory than a computation may have; try a smaller one.')
  else if (job.attempt >= maxAttempts) await fail(gaveUp)
  else await releaseJob(db, job, { counts: true })

  async function fail(error: string): Promise<void> {
    const written = await finishJob(db, job, { status: 'failed', result: { error } })
    log.info({ ...fields, error, written }, 'job failed')
  }
}

async function compute(job: ClaimedJob, options: RunOptions): Promise<End> {
  const { pool, timeLimitMs, renewEveryMs, stopping } = options
  const ending = new AbortController()
  const endAs = (reason: Ended) => ending.abort(reason)
  const onStop = () => endAs('stopping')
  let progress = 0
  const limit = setTimeout(() => endAs('time-limit'), timeLimitMs)
  stopping.addEventListener('abort', onStop)
  if (stopping.aborted) onStop()
  const renewing = renewWhile(job, options, renewEveryMs, ending, () => progress)
  try {
    const answer = await pool.compute({
      ...job,
      onProgress: (fraction) => {
        progress = Math.min(Math.max(fraction, progress), 1)
      },
      signal: ending.signal,
    })
    return { answer }
  } catch (error) {
    return ending.signal.aborted ? { ended: ending.signal.reason as Ended } : { error }
  } finally {
    clearTimeout(limit)
    stopping.removeEventListener('abort', onStop)
    await renewing.stop()
  }
}

/** Keeps the claim, writes progress, and ends the computation when the row is not ours any more. */
function renewWhile(
  job: ClaimedJob,
  { db, log }: RunOptions,
  everyMs: number,
  ending: AbortController,
  progress: () => number,
): { stop(): Promise<void> } {
  let pending: Promise<void> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    pending = renewJob(db, job, progress(), claimSeconds)
      .then((mine) => {
        if (!mine) ending.abort('taken' satisfies Ended)
      })
      // A database that is away is met again; if it stays away, somebody else takes the job over.
      .catch((error: unknown) => log.warn({ jobId: job.id, err: error }, 'a claim could not be renewed'))
      .finally(() => {
        busy = false
      })
  }, everyMs)
  return {
    stop() {
      clearInterval(timer)
      return pending
    },
  }
}

function words(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`
}
