import { type ClaimedJob, claimJob, computeKinds, type Database, giveUpJobs, listen } from '@sath/db'
import type { Logger } from 'pino'
import type { Pool } from './pool.js'
import { claimSeconds, gaveUp, maxAttempts, runJob } from './run-job.js'

export interface WorkerOptions {
  readonly database: Database
  readonly pool: Pool
  readonly log: Logger
  /** Names this process in its claims. */
  readonly owner: string
  /** Jobs at once. */
  readonly threads: number
  readonly timeLimitMs: number
  readonly renewEveryMs?: number
  /** Between two looks without a bell: it finds lost bells, and the jobs of a worker that died. */
  readonly sweepEveryMs?: number
}

export interface Worker {
  /** Hands back what is being computed, as if it had not been begun, and ends the threads. */
  close(): Promise<void>
}

/** Takes jobs from their rows as threads become free, and ends each. */
export async function openWorker(options: WorkerOptions): Promise<Worker> {
  const { database, pool, log, owner, threads, timeLimitMs, renewEveryMs = 1_000, sweepEveryMs = 5_000 } = options
  const { db, sql } = database
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  /** One tenant leaves a thread to the others, where there are several. */
  const perTenant = Math.max(1, threads - 1)
  let looking: Promise<void> | undefined
  let lookAgain = false

  const run = { db, pool, log, timeLimitMs, renewEveryMs, stopping: stopping.signal }

  /** Fills the free threads; a look while one is going on makes it look once more. */
  function look(): void {
    lookAgain = true
    looking ??= fill().finally(() => {
      looking = undefined
    })
  }

  async function fill(): Promise<void> {
    while (lookAgain && !stopping.signal.aborted) {
      lookAgain = false
      try {
        const lost = await giveUpJobs(db, { kinds: computeKinds, maxAttempts, error: gaveUp })
        if (lost.length > 0) log.error({ jobIds: lost }, 'jobs given up')
        while (running.size < threads && !stopping.signal.aborted) {
          const job = await claimJob(db, { kinds: computeKinds, owner, seconds: claimSeconds, maxAttempts, perTenant })
          if (!job) break
          start(job)
        }
      } catch (error) {
        log.warn({ err: error }, 'jobs cannot be looked for')
      }
    }
  }

  function start(job: ClaimedJob): void {
    const computed = runJob(job, run)
      .catch((error: unknown) => log.error({ jobId: job.id, err: error }, 'the end of a job could not be written'))
      .finally(() => {
        running.delete(computed)
        look()
      })
    running.add(computed)
  }

  const unlisten = await listen(
    sql,
    'sath_jobs',
    (kind) => {
      if ((computeKinds as readonly string[]).includes(kind)) look()
    },
    look,
  )
  const sweep = setInterval(look, sweepEveryMs)
  look()
  return {
    async close() {
      clearInterval(sweep)
      stopping.abort()
      await looking
      await Promise.all(running)
      await unlisten().catch(() => {})
      await pool.close()
    },
  }
}
