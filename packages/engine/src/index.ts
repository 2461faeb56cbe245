export {
  type Assignment,
  type Bot,
  type BotStart,
  type CandleMode,
  configure,
  createBot,
  drain,
  onCandle,
  onTrade,
} from './bot.js'
export type { BotTrade } from './bot-trade.js'
export { catalogueErrors } from './catalogue-errors.js'
export { configErrors } from './config-errors.js'
export type { Decided, DecidedIntent } from './decide.js'
export { createDecisionHash, type DecisionContent, type DecisionHash, type DecisionRange } from './decision-hash.js'
export { checkpointOf, type DecisionRecord, decisionRecord, indicatorsOf } from './decision-record.js'
export { type Fold, foldKey } from './fold.js'
export { intentId } from './intent-id.js'
export type { Rung } from './ladder.js'
export { type NeededSeries, neededSeries } from './needed-series.js'
export {
  type OpenPosition,
  type PlanChange,
  type PlanChangePreview,
  type PositionChange,
  planChangePreview,
  type StrategyChange,
  type StrategyFate,
} from './plan-change.js'
export { stakeFor } from './stake.js'
export { calendar, type Day } from './trading-day.js'
export { isWithin } from './trading-hours.js'
export { type WorstCase, worstCase } from './worst-case.js'
