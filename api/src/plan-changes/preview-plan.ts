import { AppError } from '@sath/core'
import {
  apiTokenRepository,
  botRuns,
  bots,
  type Db,
  effectivePlan,
  limitsOf,
  listPlans,
  openTrades,
  readConfig,
  type TradeRow,
} from '@sath/db'
import { type OpenPosition, type PlanChangePreview, planChangePreview } from '@sath/engine'
import { and, eq, notInArray } from 'drizzle-orm'
import { type ApiTokenEffect, apiTokenEffect } from './api-token-effect.js'

export interface PreviewedPlan {
  /** Ids of the plan in force and the wished one. */
  readonly from: string
  readonly to: string
  readonly preview: PlanChangePreview
  readonly apiTokens: ApiTokenEffect | null
}

/**
 * What would happen to a tenant's bot and API tokens if this plan were in force from now on.
 *
 * @throws AppError invalid-request when there is no such plan
 */
export async function previewPlan(db: Db, tenantId: string, planId: string): Promise<PreviewedPlan> {
  const wished = (await listPlans(db)).find(({ id }) => id === planId)
  if (!wished)
    throw new AppError('invalid-request', 'No such plan.', { errors: [{ path: 'plan', message: 'no such plan' }] })
  const unfinished = and(eq(botRuns.tenantId, bots.tenantId), notInArray(botRuns.phase, ['exited', 'aborted']))
  const [bot] = await db
    .select({ desired: bots.desiredState, engine: botRuns.engine })
    .from(bots)
    .leftJoin(botRuns, unfinished)
    .where(eq(bots.tenantId, tenantId))
  const [{ config }, plan, positions, tokens] = await Promise.all([
    readConfig(db, tenantId),
    effectivePlan(db, tenantId),
    openTrades(db, tenantId),
    apiTokenRepository(db, tenantId).count(),
  ])
  const after = limitsOf(wished)
  const preview = planChangePreview({
    config: config ?? undefined,
    positions: positions.map(positionOf),
    before: plan.limits,
    after,
    running: bot?.desired === 'running',
    resizes: bot?.engine !== 'process',
  })
  return { from: plan.id, to: wished.id, preview, apiTokens: apiTokenEffect(tokens, after) }
}

export function positionOf({ id, strategyId, symbol, instrument, expiresAt }: TradeRow): OpenPosition {
  return { tradeId: id, strategyId, symbol, instrument, expiresAt: expiresAt?.getTime() ?? null }
}
