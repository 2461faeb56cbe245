import type { PlanLimits } from './index.js'

const noLimits: PlanLimits = {
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

/** Four that differ in their rank only. */
export const plans = ['free', 'basic', 'pro', 'top'].map((id, rank) => ({ id, rank, limits: noLimits }))
