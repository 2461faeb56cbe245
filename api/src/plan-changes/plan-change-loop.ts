import { type Database, listen, unappliedPlans } from '@sath/db'
import type { Logger } from 'pino'
import { errorFields } from '../http/error-fields.js'
import { applyPlan } from './apply-plan.js'

/** Tenants that are looked up in one go. */
const atOnce = 200

export interface PlanChangeOptions {
  readonly database: Database
  readonly log: Logger
  readonly publicUrl: string
  /** How often everybody is looked at, in case a bell was lost or a grant ran out by itself. Default 2 000. */
  readonly everyMs?: number
  readonly now?: () => Date
}

/**
 * Keeps every bot at its plan in force, whatever changed that plan. It compares rows and remembers nothing, so any number of
 * replicas may run it; the bot's row lock lets one of them apply a change.
 */
export function startPlanChanges(options: PlanChangeOptions): { now(): Promise<void>; stop(): Promise<void> } {
  const { database, log, everyMs = 2_000 } = options
  let wanted = false
  let stopped = false
  let running: Promise<void> | undefined
  const run = async () => {
    while (wanted && !stopped) {
      wanted = false
      try {
        await applyPlans(options)
      } catch (error) {
        log.warn({ err: errorFields(error) }, 'changes of plans wait')
      }
    }
    running = undefined
  }
  const ring = () => {
    if (stopped) return
    wanted = true
    running ??= run()
  }
  const timer = setInterval(ring, everyMs)
  const bell = listen(database.sql, 'sath_plans', ring, ring).catch((error: unknown) => {
    log.warn({ err: errorFields(error) }, 'plans are looked at by the clock alone')
    return async () => {}
  })
  return {
    async now() {
      ring()
      while (running) await running
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await (await bell)().catch(() => {})
      await running
    },
  }
}

/** Applies what is to be applied; one tenant's trouble keeps nobody else waiting. */
export async function applyPlans({
  database,
  log,
  publicUrl,
  now = () => new Date(),
}: PlanChangeOptions): Promise<void> {
  const { db } = database
  for (;;) {
    let applied = 0
    const tenants = await unappliedPlans(db, atOnce)
    for (const tenantId of tenants) {
      try {
        if (await applyPlan(db, tenantId, { publicUrl, now })) applied++
      } catch (error) {
        log.error({ tenantId, err: errorFields(error) }, 'a plan could not be applied')
      }
    }
    if (applied > 0) log.info({ applied }, 'plans applied')
    if (tenants.length < atOnce || applied === 0) return
  }
}
