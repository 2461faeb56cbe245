import type { ExchangeKey, Plan, Preset, StrategyInfo, SymbolInfo } from '../../api/types.js'

/** What the form chooses from. */
export interface Lists {
  readonly strategies: readonly StrategyInfo[]
  readonly symbols: readonly SymbolInfo[]
  readonly keys: readonly ExchangeKey[]
  readonly presets: readonly Preset[]
  /** Null where it cannot be asked. */
  readonly plan: Plan | null
}
