import type { http } from '@sath/contracts'
import { AppError } from '@sath/core'
import { type BotSituation, botSituation, botSituations, type Condition, type Database, type Db } from '@sath/db'
import { batchedReads } from '../batched-reads.js'

/** In a transaction, after a wish. @throws AppError not-found */
export async function readBotStatus(db: Db, tenantId: string): Promise<http.BotStatus> {
  return viewOf(await botSituation(db, tenantId))
}

/** Reads statuses outside of a transaction; many at once share a query. */
export type StatusReader = (tenantId: string) => Promise<http.BotStatus>

/** The reader throws AppError not-found. */
export function statusReader({ sql }: Pick<Database, 'sql'>): StatusReader {
  const read = batchedReads((tenantIds) => botSituations(sql, tenantIds))
  return async (tenantId) => viewOf(await read(tenantId))
}

function viewOf(situation: BotSituation | undefined): http.BotStatus {
  if (!situation) throw new AppError('not-found', 'There is no such bot.')
  return botStatusView(situation)
}

/** A bot as clients see it. Pure. */
export function botStatusView(situation: BotSituation): http.BotStatus {
  const { run, status, desired, generation, observedGeneration, hold, holdReason } = situation
  const lastStop = lastStopView(situation)
  return {
    status,
    desired,
    generation,
    observedGeneration,
    mode: situation.mode ?? 'paper',
    hold,
    holdReason,
    run: run && {
      id: run.id,
      epoch: run.epoch,
      phase: run.phase,
      engine: run.engine,
      node: run.node,
      containerId: run.containerId,
      image: run.imageId,
      startedAt: run.startedAt,
      lastHeartbeatAt: run.lastHeartbeatAt,
      restarts: run.restarts,
      memoryBytes: run.heartbeat?.rssBytes ?? null,
      cpuPercent: run.heartbeat?.cpuPercent ?? null,
      loopLagMs: run.heartbeat?.loopLagMs ?? null,
    },
    conditions: [...situation.conditions, ...heldByBilling(situation), ...unproven(lastStop)],
    lastStop,
  }
}

/** A stop is proven once the container has exited and the gateway could ask for every order and found none unanswered. */
function lastStopView({ lastStop }: BotSituation): http.BotStatus['lastStop'] {
  if (!lastStop) return null
  const { runId, requestedAt, exitedAt, settledAt, exitCode, by, receipt } = lastStop
  const problems = [...(receipt?.problems ?? [])]
  return {
    runId,
    requestedAt,
    exitedAt,
    exitCode,
    by,
    openOrders: receipt?.openOrders ?? null,
    positionsClosed: receipt?.positionsClosed ?? null,
    positionsKept: (receipt?.positionsKept ?? []).map((kept) => ({ ...kept })),
    problems,
    proven: settledAt !== null && receipt?.openOrders === 0 && problems.length === 0,
  }
}

/** Names the way out of the hold. */
function heldByBilling({ hold, holdReason, heldAt }: BotSituation): Condition[] {
  if (hold !== 'billing' || heldAt === null) return []
  return [{ type: 'held', reason: 'billing', message: holdReason ?? '', since: heldAt }]
}

/** A stop that could not be proven stays visible. */
function unproven(stop: http.BotStatus['lastStop']): Condition[] {
  if (!stop || stop.proven || stop.openOrders === null) return []
  const message = stop.problems.join('; ') || `${stop.openOrders} orders are not answered yet`
  return [{ type: 'stop-unproven', reason: 'receipt', message, since: stop.exitedAt }]
}
