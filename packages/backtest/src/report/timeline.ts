import type { Decimal } from '@sath/core'
import { createDailyRatios } from './daily-ratios.js'
import { createDrawdown, type Drawdown } from './drawdown.js'
import { createEquityCurve } from './equity-curve.js'
import { createExposure, type Exposure } from './exposure.js'
import { createStreaks, type Streaks } from './streaks.js'
import type { TradeAmounts } from './tally.js'
import { fromUnits, unitsToFloat } from './units.js'

/** Most points of an equity curve. */
export const maxEquityPoints = 500

/** What depends on the order of things. */
export interface Course {
  /** Market time of the first and the last closed bar; null before it. */
  readonly from: number | null
  readonly to: number | null
  /** Yearly, of daily returns; see `DailyRatios`. null where there is none. */
  readonly sharpe: number | null
  readonly sortino: number | null
  readonly maxDrawdown: Drawdown
  readonly longestStreaks: Streaks
  readonly exposure: Exposure
  /** Capital and what closed trades made of it, oldest first, at most `maxEquityPoints`; see `createEquityCurve`. */
  readonly equity: readonly { readonly time: number; readonly equity: Decimal }[]
}

interface Happening {
  readonly time: number
  readonly kind: 'opened' | 'closed'
  readonly trade: TradeAmounts
}

/**
 * Puts trades in the order of market time, whatever the order they are told in between two bars: what is open at once is
 * seen as such, and trades that close together are one step of the equity. `capital` in units, see `toUnits`.
 */
export function createTimeline(capital: bigint) {
  const days = createDailyRatios()
  const drawdown = createDrawdown()
  const streaks = createStreaks()
  const exposure = createExposure()
  const curve = createEquityCurve(maxEquityPoints - 1)
  let waiting: Happening[] = []
  let equity = capital
  let from: number | null = null
  let now = Number.NEGATIVE_INFINITY

  function begin(time: number): void {
    from = time
    drawdown.add(time, capital)
    curve.add({ time, equity })
  }

  function pass(time: number): void {
    if (from === null) begin(time)
    now = Math.max(now, time)
    exposure.pass(now)
    days.add(now, 0)
  }

  /** Everything up to here has been told. */
  function catchUp(): void {
    const due = waiting.sort(byTime)
    waiting = []
    for (const [index, { time, kind, trade }] of due.entries()) {
      pass(time)
      if (kind === 'opened') {
        exposure.opened(now, trade.stake)
        continue
      }
      close(trade)
      const next = due[index + 1]
      if (next?.kind === 'closed' && next.time === time) continue
      drawdown.add(now, equity)
      curve.add({ time: now, equity })
    }
  }

  function close({ status, profit, stake }: TradeAmounts): void {
    equity += profit
    exposure.closed(now, stake)
    days.add(now, unitsToFloat(profit))
    streaks.add(status)
  }

  return {
    opened(time: number, trade: TradeAmounts): void {
      waiting.push({ time, kind: 'opened', trade })
    },
    /** Only of a trade that has opened. */
    closed(time: number, trade: TradeAmounts): void {
      waiting.push({ time, kind: 'closed', trade })
    },
    bar(time: number): void {
      catchUp()
      pass(time)
    },
    course(): Course {
      catchUp()
      const points = curve.points()
      const end = points.at(-1)
      if (end && end.time < now) points.push({ time: now, equity })
      return {
        from,
        to: from === null ? null : now,
        sharpe: days.sharpe(),
        sortino: days.sortino(),
        maxDrawdown: drawdown.value(),
        longestStreaks: streaks.value(),
        exposure: exposure.value(),
        equity: points.map((point) => ({ time: point.time, equity: fromUnits(point.equity) })),
      }
    },
  }
}

/** What closes at a moment makes room for what opens at it. */
function byTime(a: Happening, b: Happening): number {
  if (a.time !== b.time) return a.time - b.time
  return a.kind === b.kind ? 0 : a.kind === 'closed' ? -1 : 1
}
