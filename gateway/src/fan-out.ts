import type { Bus } from '@sath/bus'
import type { SeriesKey } from '@sath/core'
import { type TradeRow, tradeView } from '@sath/db'
import { publishCandle, publishOpenBars } from './market/candle-topics.js'
import type { Market, MarketListeners } from './market/market.js'
import type { CandleMessage } from './sessions/candle-plan.js'
import { lineOf } from './sessions/connection.js'
import { giveCandle, type Session, seriesName, tell } from './sessions/session.js'
import { tradeResult } from './trade-result.js'

/** Browsers see the open bars of a fast recording at most this often, ms. */
const formingEveryMs = 250

export interface FanOutDeps {
  readonly bus: Bus
  /** Bots that follow the market. */
  readonly sessions: () => Iterable<Session>
  readonly market: () => Market
  readonly offBook: (tenantId: string, account: string, clientOrderId: string) => void
}

/** Tells bots and browsers what the market did. */
export function createFanOut({ bus, sessions, market, offBook }: FanOutDeps) {
  const formingAt = new Map<string, number>()

  /** To its owner's browsers and to its bot. */
  function tellTrade(row: TradeRow): void {
    bus.publish(`trades:${row.tenantId}`, tradeView(row))
    const result = tradeResult(row)
    if (!result) return
    for (const session of sessions()) if (session.run.tenantId === row.tenantId) tell(session, result)
  }

  const listeners: MarketListeners = {
    onTrades(rows, gone) {
      for (const row of rows) tellTrade(row)
      for (const { tenantId, account, order } of gone) offBook(tenantId, account, order.clientOrderId)
    },
    onCandles(candles) {
      const lines = candles.map(({ key, candle, mode }) => {
        const message: CandleMessage = { type: 'candle', key, candle, mode }
        return { message, name: seriesName(key), line: lineOf(message) }
      })
      for (const session of sessions()) {
        for (const { message, name, line } of lines) {
          const series = session.needed.get(name)
          if (series) giveCandle(session, message, series.decidedBy, line)
        }
      }
      for (const { key, candle } of candles) {
        publishCandle(bus, key, candle, true)
        if (key.timeframe === 'M1') showOpenBars(key)
      }
    },
  }

  function showOpenBars(key: SeriesKey): void {
    const now = performance.now()
    if (now - (formingAt.get(key.symbol) ?? Number.NEGATIVE_INFINITY) < formingEveryMs) return
    formingAt.set(key.symbol, now)
    publishOpenBars(bus, market(), key.symbol)
  }

  return { listeners, tellTrade }
}
