import type { BotConfig, SeriesKey, StrategyConfig } from '@sath/core'
import { findStrategy, trendMemory, withDefaults } from '@sath/strategies'

export interface NeededSeries extends SeriesKey {
  /** Closed candles wanted before the first live one, so that where the history begins does not matter. Fewer are fine. */
  readonly warmUp: number
  /** Strategies that decide on this series, one decision a candle each; the others only confirm with it. */
  readonly decidedBy: readonly string[]
  /** Strategies that use this series as their confirming timeframe. */
  readonly confirms: readonly string[]
}

/** The series a strategy decides on for one of its symbols. */
export function baseSeries({ source, timeframe }: StrategyConfig, symbol: string, defaultSource: string): SeriesKey {
  return { source: source ?? defaultSource, symbol, timeframe }
}

/** Every series the enabled strategies need, each once, in order of first need. Unknown strategies need none. */
export function neededSeries(config: BotConfig, defaultSource: string): NeededSeries[] {
  const needed = new Map<string, NeededSeries>()
  const need = (key: SeriesKey, warmUp: number, role: 'decidedBy' | 'confirms', id: string) => {
    const name = seriesName(key)
    const known = needed.get(name) ?? { ...key, warmUp: 0, decidedBy: [], confirms: [] }
    needed.set(name, { ...known, warmUp: Math.max(known.warmUp, warmUp), [role]: [...known[role], id] })
  }
  for (const wanted of config.strategies.filter(({ enabled }) => enabled)) {
    const strategy = findStrategy(wanted.strategy)
    if (!strategy) continue
    const memory = strategy.memory(withDefaults(strategy.params, wanted.params))
    for (const symbol of wanted.symbols) {
      const base = baseSeries(wanted, symbol, defaultSource)
      need(base, memory, 'decidedBy', wanted.id)
      if (wanted.confirmTimeframe)
        need({ ...base, timeframe: wanted.confirmTimeframe }, trendMemory, 'confirms', wanted.id)
    }
  }
  return [...needed.values()]
}

/** One text per series, for maps and comparisons. */
export function seriesName({ source, symbol, timeframe }: SeriesKey): string {
  return `${source} ${symbol} ${timeframe}`
}
