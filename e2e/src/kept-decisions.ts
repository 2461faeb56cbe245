import { createDecisionHash, type DecisionContent, type DecisionRange } from '@sath/engine'
import { type Client, everything, type Json } from './client.js'

/**
 * The hash of everything the caller's bot decided, taken of what is kept and shown to subscribers: decisions, the signals
 * behind them, the trades they became.
 */
export async function keptDecisionHash(client: Client): Promise<string> {
  const [decisions, signals, trades] = await Promise.all(
    ['/decisions', '/signals', '/trades'].map((path) => everything(client, path)),
  )
  const signalOf = bySlot(signals ?? [], 'time')
  const tradeOf = bySlot(trades ?? [], 'signalTime')
  const hash = createDecisionHash()
  for (const row of decisions ?? []) {
    const name = slotName(row, row.from)
    const signal = signalOf.get(name)
    const trade = tradeOf.get(name)
    if (signal || trade) hash.add(decisionOf(row, signal, trade))
    else hash.addRange(rangeOf(row))
  }
  return hash.digest()
}

/** Candles decided on, by strategy and symbol. */
export async function candlesDecided(client: Client): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const { strategyId, symbol, candles } of await everything(client, '/decisions')) {
    const name = `${strategyId} ${symbol}`
    counts.set(name, (counts.get(name) ?? 0) + candles)
  }
  return counts
}

function decisionOf(row: Json, signal: Json, trade: Json): DecisionContent {
  const { strategyId, symbol, outcome, reason } = row
  const intentOf = ({ direction, stake, level, confidence, reason }: Json) => ({
    direction,
    stake,
    level,
    confidence,
    reason,
  })
  return {
    strategyId,
    symbol,
    candleTime: Date.parse(row.from),
    outcome,
    reason,
    signal: signal ? { direction: signal.direction, confidence: signal.confidence, reason: signal.reason } : null,
    intent: trade ? intentOf(trade) : null,
  }
}

function rangeOf({ strategyId, symbol, outcome, reason, from, to, candles }: Json): DecisionRange {
  return { strategyId, symbol, outcome, reason, from: Date.parse(from), to: Date.parse(to), candles }
}

function bySlot(rows: readonly Json[], time: string): Map<string, Json> {
  return new Map(rows.map((row) => [slotName(row, row[time]), row]))
}

function slotName({ strategyId, symbol }: Json, time: string): string {
  return `${strategyId} ${symbol} ${time}`
}
