import {
  type AppliedChange,
  type AppliedPlan,
  type Db,
  lockPlanSituation,
  outboxRepository,
  type PlanSituation,
  writeAppliedPlan,
} from '@sath/db'
import { type PlanChangePreview, planChangePreview } from '@sath/engine'
import { planChangeMail } from './plan-change-mail.js'
import { planConditions } from './plan-conditions.js'
import { positionOf } from './preview-plan.js'

/**
 * Applies the plan in force to a tenant's bot, in one transaction under its lock: a live bot without a live mode is stopped
 * and held, positions of paused strategies are asked to be closed where their owner chose so, and the owner is told. Nothing
 * when it is applied already, so any number may try at once. The order door does not wait for this: it reads the plan itself.
 *
 * @returns whether there was something to apply
 */
export function applyPlan(
  db: Db,
  tenantId: string,
  { publicUrl, now }: { readonly publicUrl: string; readonly now: () => Date },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const situation = await lockPlanSituation(tx, tenantId)
    if (!situation) return false
    const { before, plan, email, locale } = situation
    const preview = previewOf(situation)
    await writeAppliedPlan(tx, situation, changeOf(situation, preview, now()))
    if (before && situation.isActive && isWorthAMail(before, plan, preview)) {
      const change = { from: before.name, to: plan.name, changedAt: now(), preview }
      await outboxRepository(tx).add(planChangeMail(change, { email, locale, publicUrl }))
    }
    return true
  })
}

/** What happens now is what was foretold. */
function previewOf({ bot, before, plan, config, positions }: PlanSituation): PlanChangePreview {
  return planChangePreview({
    config,
    positions: positions.map(positionOf),
    before: (before ?? plan).limits,
    after: plan.limits,
    running: bot.desiredState === 'running',
    // When the container's limits change is the orchestrator's to say, in the bot's conditions.
    resizes: true,
  })
}

function changeOf(situation: PlanSituation, preview: PlanChangePreview, now: Date): AppliedChange {
  const { bot, plan, before, config } = situation
  const mayTrade = config === undefined || plan.limits.modes.includes(config.mode)
  // Of a bot that is stopped, the gateway closes what is to be closed.
  const closes = preview.held
    ? []
    : preview.positions.flatMap(({ tradeId, fate }) => (fate === 'closed' ? tradeId : []))
  return {
    conditions: planConditions(plan.name, preview, bot.planConditions, now),
    closes,
    billing: preview.held
      ? { kind: 'stop', reason: wayOut(plan) }
      : bot.hold === 'billing' && mayTrade
        ? { kind: 'release' }
        : undefined,
    event: before ? eventOf(before, plan, preview) : undefined,
  }
}

function wayOut({ name }: AppliedPlan): string {
  return `The plan ${name} has no live trading, so the live bot was stopped. Choose a plan with live trading, or save a configuration for paper trading; then start the bot again.`
}

function eventOf(before: AppliedPlan, plan: AppliedPlan, preview: PlanChangePreview): AppliedChange['event'] {
  const paused = preview.strategies.filter(({ after }) => after !== 'stays').map(({ name }) => name)
  return {
    message:
      before.id === plan.id
        ? `The limits of the plan ${plan.name} changed`
        : `The plan changed from ${before.name} to ${plan.name}`,
    fields: {
      from: before.id,
      to: plan.id,
      held: preview.held,
      paused,
      closing: preview.positions.flatMap(({ tradeId, fate }) => (fate === 'closed' ? [tradeId] : [])),
    },
  }
}

/** Another plan, or one whose limits were edited so that something stops. */
function isWorthAMail(
  before: AppliedPlan,
  plan: AppliedPlan,
  { held, strategies, positions }: PlanChangePreview,
): boolean {
  return (
    before.id !== plan.id ||
    held ||
    strategies.some((one) => one.before !== one.after && one.after !== 'stays') ||
    positions.some(({ fate }) => fate === 'closed')
  )
}
