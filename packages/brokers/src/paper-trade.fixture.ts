import type { Candle } from '@sath/core'
import { onPaperCandle, type PaperEvent, type PaperTerms, type PaperTrade } from './paper-trade.js'

const minuteMs = 60_000
/** The decision: minute 0. */
export const decidedAt = Date.UTC(2026, 0, 5, 12)

export const at = (minute: number) => decidedAt + minute * minuteMs

/** A candle of the n-th minute after the decision. */
export function bar(
  minute: number,
  open: number,
  close = open,
  high = Math.max(open, close),
  low = Math.min(open, close),
): Candle {
  return { time: at(minute), open, high, low, close, volume: 1 }
}

export const binary: PaperTerms = {
  direction: 'call',
  instrument: 'binary',
  stake: '10.00',
  payout: '0.85',
  timeframe: 'M5',
  expiryCandles: 1,
  decidedAt,
}
export const spot: PaperTerms = { ...binary, instrument: 'spot' }

/** Runs a trade over candles, as the gateway does; returns its events until it is closed. */
export function run(terms: PaperTerms, candles: readonly Candle[]): PaperEvent[] {
  const events: PaperEvent[] = []
  let trade: PaperTrade = { terms }
  let previous: Candle | undefined
  for (const candle of candles) {
    for (const event of onPaperCandle(trade, candle, previous)) {
      events.push(event)
      if (event.kind === 'closed') return events
      trade = { terms, entry: event }
    }
    previous = candle
  }
  return events
}

/** "kind/status reason exit profit minute" */
export function words(events: readonly PaperEvent[]): string[] {
  return events.map((event) =>
    event.kind === 'opened'
      ? `opened ${event.entryPrice} @${(event.entryTime - decidedAt) / minuteMs} until ${(event.expiresAt - decidedAt) / minuteMs}`
      : `${event.status} ${event.reason} ${event.exitPrice} ${event.profit} @${(event.closedAt - decidedAt) / minuteMs}`,
  )
}
