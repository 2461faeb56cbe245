import { type BotClaim, type BotView, ClaimLost, claimBot, claimDueBot, releaseClaim } from '@sath/db'
import { conditions } from './conditions.js'
import { EngineError } from './engines/container-engine.js'
import { isUnfinished, observe } from './observe.js'
import type { Office } from './office.js'
import { isSilent } from './plan/health.js'
import { limitsNote } from './plan/limit-rules.js'
import type { Note, Situation } from './plan/situation.js'
import { nextStep } from './plan.js'
import { take } from './take.js'

/** More steps than any bot needs in one pass: something goes round in circles. */
const maxSteps = 25

interface Outcome {
  readonly observed: boolean
  readonly lookInMs: number | undefined
  readonly notes: readonly Note[]
}

/**
 * Brings one bot as far as it can be brought now: claims it, observes, takes one step, observes again. A pass that cannot be
 * finished is repeated later and later; a claim that is lost ends it without another word. `onlyIfDue`: nothing but the row's
 * own wish to be looked at is a reason, and the pass that its bell asked for may be over already.
 *
 * @throws Error when the database cannot be reached
 */
export async function reconcile(office: Office, tenantId: string, onlyIfDue = false): Promise<void> {
  const claim = await (onlyIfDue ? claimDueBot : claimBot)(office.db, tenantId, office.owner)
  if (!claim) return
  let settled = false
  try {
    settled = await pass(office, claim)
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error
    office.log.warn({ tenantId }, 'claim lost')
  } finally {
    office.starts.free(tenantId)
    if (!settled) await releaseClaim(office.db, claim)
  }
}

/** Whether it was settled, and the claim with it. */
async function pass(office: Office, claim: BotClaim): Promise<boolean> {
  const { tenantId } = claim
  for (let steps = 0; steps < maxSteps; steps++) {
    const view = await office.runs.view(tenantId)
    if (!view || belongsElsewhere(office, view)) return false
    let outcome: Outcome | undefined
    try {
      outcome = await oneStep(office, claim, view)
      if (outcome) office.failures.delete(tenantId)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      outcome = afterEngineError(office, tenantId, error)
    }
    if (outcome && (await settle(office, claim, view, outcome))) return true
  }
  office.log.error({ tenantId }, 'pass went round in circles')
  office.look(tenantId)
  return false
}

/** Undefined: look again at once. */
async function oneStep(office: Office, claim: BotClaim, view: BotView): Promise<Outcome | undefined> {
  const s = await observe(office, view)
  const step = nextStep(s)
  if (step.kind === 'settled') return { observed: true, lookInMs: undefined, notes: standing(office, claim, s) }
  if (step.kind === 'wait')
    return {
      observed: false,
      lookInMs: step.ms,
      notes: [...standing(office, claim, s), ...(step.note ? [step.note] : [])],
    }
  const taken = await take(office, claim, view, s, step)
  if (taken === 'again') return undefined
  return {
    observed: false,
    lookInMs: taken.lookInMs,
    notes: [...standing(office, claim, s), ...(taken.note ? [taken.note] : [])],
  }
}

/** The containers of another node's runs are not in our engine; their absence says nothing. */
function belongsElsewhere({ node }: Office, { runs }: BotView): boolean {
  const run = runs.find(isUnfinished)
  return run !== undefined && run.node !== node
}

/** What is so whatever the step: found by the sweep, or seen in the heartbeats. */
function standing(office: Office, { tenantId }: BotClaim, s: Situation): Note[] {
  const finding = s.run ? office.findings.get(tenantId) : undefined
  const silent = s.run && !s.wounded && isSilent(s.run, s.gatewaySince, s.now, s.limits)
  const limits = limitsNote(s)
  return [
    ...(finding ? [finding] : []),
    ...(limits ? [limits] : []),
    ...(silent
      ? [{ type: 'unhealthy', reason: 'heartbeat', message: 'The bot is not heard of, or gets on with nothing.' }]
      : []),
    ...(s.wounded
      ? [{ type: 'unhealthy', reason: 'out-of-memory', message: 'A part of the bot was killed: it needs more memory.' }]
      : []),
    ...(office.logs.diskFull
      ? [{ type: 'disk-full', reason: 'logs', message: 'Log lines are lost: the disk is full.' }]
      : []),
  ]
}

function afterEngineError(office: Office, tenantId: string, error: EngineError): Outcome {
  const failures = (office.failures.get(tenantId) ?? 0) + 1
  office.failures.set(tenantId, failures)
  office.log.warn({ tenantId, err: error, failures }, 'engine failed')
  const note =
    error.kind === 'unreachable'
      ? { type: 'unreachable', reason: 'engine', message: 'The engine that runs this bot does not answer.' }
      : { type: 'engine-refused', reason: 'engine', message: error.message }
  return { observed: false, lookInMs: Math.min(250 * 2 ** failures, 30_000), notes: [note] }
}

function settle(
  office: Office,
  claim: BotClaim,
  view: BotView,
  { observed, lookInMs, notes }: Outcome,
): Promise<boolean> {
  return office.runs.settle(claim, view.bot, {
    observed,
    lookInMs,
    conditions: conditions(view.bot.conditions, notes, view.now),
  })
}
