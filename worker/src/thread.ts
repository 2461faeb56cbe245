import { BacktestJob, SimulationJob } from '@sath/contracts'
import { AppError } from '@sath/core'
import { openDatabase } from '@sath/db'
import { z } from 'zod'
import { runBacktest } from './backtest-job.js'
import type { ThreadAnswer, ThreadTask } from './pool.js'
import { runSimulation } from './simulation-job.js'

/** What a thread does: reads the job's input, computes, and answers; begins with the candles in the database and ends there. */
export async function compute({ kind, tenantId, input, databaseUrl, progress }: ThreadTask): Promise<ThreadAnswer> {
  const database = openDatabase(databaseUrl, { name: 'sath-worker-job', max: 1 })
  const onProgress = (fraction: number) => progress.postMessage(fraction)
  const deps = { db: database.db, tenantId, onProgress }
  try {
    if (kind === 'backtest') return { report: { ...(await runBacktest(BacktestJob.parse(input), deps)) } }
    if (kind === 'simulation') return { report: { ...(await runSimulation(SimulationJob.parse(input), deps)) } }
    throw new Error(`no computation of the kind ${kind}`)
  } catch (error) {
    if (error instanceof AppError) return { refusal: inWords(error) }
    if (error instanceof z.ZodError) return { refusal: 'It was asked for in a way that is not understood any more.' }
    throw error
  } finally {
    progress.close()
    await database.close()
  }
}

function inWords({ message, errors }: AppError): string {
  const faults = errors.map((fault) => (fault.path === '' ? fault.message : `${fault.path}: ${fault.message}`))
  return faults.length === 0 ? message : `${message.replace(/\.$/, '')}: ${faults.join('; ')}`
}
