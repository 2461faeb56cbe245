import {
  type BotConfig,
  type Decimal,
  type FieldError,
  type Instrument,
  type PlanLimits,
  type PlanRefusal,
  planRefusal,
  type StrategyConfig,
} from '@sath/core'
import { configErrors } from './config-errors.js'
import { worstCase } from './worst-case.js'

/** A position that is, or may be, open. */
export interface OpenPosition {
  readonly tradeId: string
  /** Null: opened by hand. */
  readonly strategyId: string | null
  readonly symbol: string
  readonly instrument: Instrument
  /** Market time of its own end, epoch ms; null: none is known. */
  readonly expiresAt: number | null
}

export interface PlanChange {
  /** Undefined: nothing was saved yet. */
  readonly config: BotConfig | undefined
  readonly positions: readonly OpenPosition[]
  readonly before: PlanLimits
  readonly after: PlanLimits
  /** Whether the bot runs or is to run. */
  readonly running: boolean
  /** Whether its engine can give a running container more. */
  readonly resizes: boolean
}

/** `partly`: some of its symbols are over a limit, the others go on. */
export type StrategyFate = 'stays' | 'partly' | 'paused'

export interface StrategyChange {
  readonly strategyId: string
  readonly name: string
  readonly before: StrategyFate
  readonly after: StrategyFate
  /** Why it, or some of its symbols, will not enter any more; each limit once. */
  readonly reasons: readonly PlanRefusal[]
  readonly pausedSymbols: readonly string[]
  /** The first level of its ladder that the plan no longer allows: it counts as lost, and the ladder starts again. */
  readonly bust?: { readonly level: number; readonly stake: Decimal }
}

export interface PositionChange {
  readonly tradeId: string
  readonly strategyId: string | null
  readonly symbol: string
  readonly fate: 'kept' | 'closed'
  readonly expiresAt: number | null
}

/** `live`: in the running container, but for its heap, which takes part of it from the next start on. */
export type LimitTiming = 'unchanged' | 'live' | 'next-start'

export interface PlanChangePreview {
  /** A live bot whose plan has no live mode is stopped and held until it may trade live again, or is saved for paper. */
  readonly held: boolean
  /** The enabled ones, in the order of the configuration, which decides who stays. */
  readonly strategies: readonly StrategyChange[]
  readonly positions: readonly PositionChange[]
  readonly memoryMiB: { readonly before: number; readonly after: number; readonly when: LimitTiming }
  /** 1 = one core. */
  readonly cpu: { readonly before: number; readonly after: number; readonly when: LimitTiming }
  /** What must be changed in the configuration before the bot can be started again. */
  readonly beforeNextStart: readonly FieldError[]
}

/**
 * What a change of plan does to a bot. Pure. What it says of strategies and symbols is what the order door does from the
 * moment of the change on, because both ask `planRefusal`.
 */
export function planChangePreview({
  config,
  positions,
  before,
  after,
  running,
  resizes,
}: PlanChange): PlanChangePreview {
  const held = running && config !== undefined && !after.modes.includes(config.mode)
  const strategies = config ? strategyChanges(config, before, after) : []
  const paused = new Map(strategies.map((change) => [change.strategyId, change]))
  const closes = ({ strategyId, symbol, instrument }: OpenPosition): boolean => {
    if (config?.onStop !== 'close' || instrument !== 'spot') return false
    return held || (strategyId !== null && paused.get(strategyId)?.pausedSymbols.includes(symbol) === true)
  }
  return {
    held,
    strategies,
    positions: positions.map((position) => {
      const { tradeId, strategyId, symbol, expiresAt } = position
      return { tradeId, strategyId, symbol, expiresAt, fate: closes(position) ? 'closed' : 'kept' }
    }),
    memoryMiB: limitChange(before.memoryMiB, after.memoryMiB, resizes && running && !held),
    cpu: limitChange(before.cpu, after.cpu, resizes && running && !held),
    beforeNextStart: config ? configErrors(config, after) : [],
  }
}

function strategyChanges(config: BotConfig, before: PlanLimits, after: PlanLimits): StrategyChange[] {
  return config.strategies
    .filter((strategy) => strategy.enabled)
    .map((strategy) => {
      const now = refusals(strategy, config, after)
      const bust = firstBust(strategy, config, after)
      return {
        strategyId: strategy.id,
        name: strategy.name,
        before: fateOf(strategy, refusals(strategy, config, before)),
        after: fateOf(strategy, now),
        reasons: [...new Map([...now.values()].map((refusal) => [refusal.limit, refusal])).values()],
        pausedSymbols: [...now.keys()],
        ...(bust ? { bust } : {}),
      }
    })
}

/** What the plan has against a first stake, by symbol. */
function refusals(
  { id: strategyId, symbols, stake }: StrategyConfig,
  config: BotConfig,
  plan: PlanLimits,
): ReadonlyMap<string, PlanRefusal> {
  return new Map(
    symbols.flatMap((symbol) => {
      const refusal = planRefusal({ config, strategyId, symbol, stake }, plan)
      return refusal ? [[symbol, refusal] as const] : []
    }),
  )
}

function fateOf({ symbols }: StrategyConfig, refused: ReadonlyMap<string, PlanRefusal>): StrategyFate {
  if (refused.size === 0) return 'stays'
  return refused.size < symbols.length ? 'partly' : 'paused'
}

/** Counted as cautiously as when a configuration is saved (see `worstCase`). */
function firstBust(strategy: StrategyConfig, config: BotConfig, plan: PlanLimits): StrategyChange['bust'] {
  const refused = (symbol: string, stake: Decimal) =>
    planRefusal({ config, strategyId: strategy.id, symbol, stake }, plan) !== undefined
  const trading = strategy.symbols.find((symbol) => !refused(symbol, strategy.stake))
  if (trading === undefined) return undefined
  const { levels } = worstCase(strategy)
  const level = levels.findIndex((stake, index) => index > 0 && refused(trading, stake))
  const stake = levels[level]
  return stake === undefined ? undefined : { level, stake }
}

function limitChange(before: number, after: number, resizes: boolean) {
  const when: LimitTiming = before === after ? 'unchanged' : resizes && after > before ? 'live' : 'next-start'
  return { before, after, when }
}
