import { AppError, type BotConfig, type PlanLimits } from '@sath/core'
import { type Db, effectivePlan, type MinuteSeries, minuteSpan } from '@sath/db'

const dayMs = 86_400_000
const minuteMs = 60_000

/** What a back-test reads. Times are epoch ms; `to` is exclusive. */
export interface BacktestWindow {
  readonly series: readonly MinuteSeries[]
  readonly from: number
  readonly to: number
}

export interface WindowWish {
  readonly config: BotConfig
  readonly defaultSource: string | null
  /** ISO 8601; null: as far as the plan allows; to the newest candle. */
  readonly from: string | null
  readonly to: string | null
}

/** The stored candles that the plan lets this tenant test on. @throws AppError plan-limit, not-available (none are stored) */
export async function backtestWindow(db: Db, tenantId: string, wish: WindowWish): Promise<BacktestWindow> {
  const { limits } = await effectivePlan(db, tenantId)
  assertAllowed(limits)
  const series = minuteSeries(wish)
  const span = await minuteSpan(db, series)
  const to = wish.to === null ? span && span.last + minuteMs : Date.parse(wish.to)
  if (!span || to === undefined) throw noCandles(wish, series)
  const mostMs = limits.historyDays === null ? Number.POSITIVE_INFINITY : limits.historyDays * dayMs
  const from = wish.from === null ? Math.max(span.first, to - mostMs) : Date.parse(wish.from)
  if (to - from > mostMs)
    throw new AppError('plan-limit', 'The plan does not allow this', {
      errors: [{ path: 'from', message: `historyDays: the plan has ${limits.historyDays} days of history` }],
    })
  // Outside of the span there is nothing to read, and nothing to look through.
  const window = { series, from: Math.max(from, span.first), to: Math.min(to, span.last + minuteMs) }
  if (window.from >= window.to) throw noCandles(wish, series)
  return window
}

function assertAllowed({ backtesting }: PlanLimits): void {
  if (backtesting) return
  throw new AppError('plan-limit', 'The plan does not allow this', {
    errors: [{ path: '', message: 'backtesting: the plan has no back-tests' }],
  })
}

/** Every market the enabled strategies trade on, each once. */
function minuteSeries({ config, defaultSource }: WindowWish): MinuteSeries[] {
  const series = new Map<string, MinuteSeries>()
  for (const strategy of config.strategies.filter(({ enabled }) => enabled)) {
    const source = strategy.source ?? defaultSource
    if (source === null) continue
    for (const symbol of strategy.symbols) series.set(`${source} ${symbol}`, { source, symbol })
  }
  return [...series.values()]
}

export function noCandles({ config, from, to }: WindowWish, series: readonly MinuteSeries[]): AppError {
  const names =
    series.length > 0
      ? series.map(({ source, symbol }) => `${symbol} (${source})`)
      : [...new Set(config.strategies.flatMap(({ symbols }) => symbols))]
  const window = `${from === null ? '' : ` from ${from}`}${to === null ? '' : ` to ${to}`}`
  return new AppError('not-available', `No candles stored for ${names.join(', ')}${window}.`)
}
