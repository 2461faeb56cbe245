/** What tests of several rooms share. */
import type { PlanLimits } from './index.js'

/** A plan on paper that bounds nothing. */
export const noLimits: PlanLimits = {
  maxStrategies: null,
  maxSymbols: null,
  maxTradesPerDay: null,
  maxCapitalPerTrade: null,
  maxCapital: null,
  modes: ['paper'],
  multiTimeframe: true,
  backtesting: true,
  historyDays: null,
  aiEnsemble: true,
  apiAccess: true,
  logRetentionDays: 1,
  memoryMiB: 128,
  cpu: 1,
}
