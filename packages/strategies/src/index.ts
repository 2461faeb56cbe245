export {
  catalogue,
  checkParams,
  checkTimeframe,
  describeStrategy,
  findStrategy,
  type StrategyDescription,
} from './catalogue.js'
export {
  type ChoiceParam,
  type NumberParam,
  type ParamSpec,
  type ParamSpecs,
  type Params,
  paramsSchema,
  withDefaults,
} from './params.js'
export { presets, type StrategyPreset } from './presets.js'
export type { Signal, Strategy } from './strategy.js'
export { textbook } from './textbook.js'
export {
  isAgainstTrend,
  stepTrend,
  type Trend,
  trend,
  trendIsWarm,
  trendMemory,
  trendWarmUp,
} from './trend-filter.js'
