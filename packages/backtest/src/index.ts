export { type ControlInput, type ControlReport, controlRun } from './control/control-run.js'
export { Cancelled, type Hooks } from './hooks.js'
export { assertOdds, checkOdds } from './odds/check-odds.js'
export { breakEvenWinRate, edgePerUnit, gamblersRuin, lossRunProbability } from './odds/closed-forms.js'
export { type ExactLimits, exactOdds } from './odds/exact-odds.js'
export { type MeasuredRate, type MeasuredWinRate, measuredRateVerdict } from './odds/measured-win-rates.js'
export { ladders, type MonteCarlo, type Odds, type OddsInput, type Plan, plans } from './odds/odds-input.js'
export { type OddsPreset, oddsPresets } from './odds/odds-presets.js'
export { type RandomStream, sfc32 } from './odds/random.js'
export { simulate } from './odds/simulate.js'
export { type Candles, optimise } from './optimise/optimise.js'
export {
  checkOptimise,
  type OptimiseInput,
  type Score,
  type Search,
} from './optimise/optimise-input.js'
export type { BestVariant, OptimiseReport, WindowReport } from './optimise/optimise-report.js'
export type { ParamRange } from './optimise/variants.js'
export type { Span, Window } from './optimise/walk-forward.js'
export { type BacktestReport, createReport } from './report/create-report.js'
export type { Drawdown } from './report/drawdown.js'
export type { Estimate } from './report/estimate.js'
export type { Performance } from './report/tally.js'
export type { Course } from './report/timeline.js'
export type { Verdict, VerdictCode } from './report/verdict.js'
export { type Backtest, createBacktest } from './run/backtest.js'
export { type BacktestInput, checkBacktestInput } from './run/backtest-input.js'
export type { BacktestObserver, BacktestTrade } from './run/backtest-trade.js'
