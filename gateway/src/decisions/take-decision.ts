import { randomUUID } from 'node:crypto'
import type { BotDecided, TradeResult } from '@sath/contracts'
import { type Outcome, paperPayout, type StrategyConfig, timeframeMs } from '@sath/core'
import { commitUnavailable, type Db, type DecisionWrite, type EntryWish, prolongs, type SavedConfig } from '@sath/db'
import { intentId } from '@sath/engine'
import type { Logger } from 'pino'
import { clientOrderId } from '../execution/order-ids.js'
import { paperCurrency } from '../execution/payouts.js'
import { type PlacedOrder, placedFromWish } from '../execution/placed-order.js'
import type { Market } from '../market/market.js'
import { persist } from '../persist.js'
import type { AwaitedDecision } from '../sessions/awaited.js'
import { slotName } from '../sessions/candle-plan.js'
import { type Session, tell } from '../sessions/session.js'
import { botDays } from './bot-days.js'
import { type DecisionWriter, ensureDecisionDays } from './decision-writer.js'
import type { EntryWriter } from './entry-writer.js'

export interface DecisionDeps {
  readonly db: Db
  readonly log: Logger
  readonly signal: AbortSignal
  readonly market: Market
  readonly writer: DecisionWriter
  readonly entries: EntryWriter
  /** Takes an order that is written and must be sent before `sendBy`, monotonic ms. */
  readonly send: (placed: PlacedOrder, sendBy: number) => void
  readonly publishSignal: (tenantId: string, signal: Record<string, unknown>) => void
}

type Intent = NonNullable<BotDecided['intent']>
type Draft = Omit<DecisionWrite, 'prolongs' | 'tradeId'>
/** What the gateway makes of an intent before it asks the database. */
type Ruling = { readonly intent: Intent } | { readonly outcome: Outcome; readonly reason: string }

/**
 * Takes a bot's answer to a candle it was given: stores decision, checkpoint and signal, and where it wants to enter, trade
 * and order in the same transaction. Resolves when all of it is stored; false: another epoch trades now.
 *
 * @throws what the database has against it
 */
export async function takeDecision(
  session: Session,
  awaited: AwaitedDecision,
  decided: BotDecided,
  deps: DecisionDeps,
): Promise<boolean> {
  const saved = session.configs.get(awaited.configVersion)
  const strategy = saved?.config.strategies.find(({ id }) => id === decided.strategyId)
  if (!saved || !strategy) return true
  const ruling = decided.intent && rule(session, awaited, decided, decided.intent, deps)
  const draft = draftOf(session, awaited, decided, ruling)
  const stored =
    ruling && 'intent' in ruling
      ? await storeEntry(session, saved, strategy, draft, decided, ruling.intent, deps)
      : await storeRest(session, draft, deps)
  if (!stored) return false
  session.candleLagMs = performance.now() - awaited.sentAt
  const { signal } = draft
  if (signal) {
    const { strategyId, symbol, timeframe } = draft
    const time = new Date(draft.candleTime).toISOString()
    deps.publishSignal(session.run.tenantId, { strategyId, symbol, timeframe, time, ...signal })
  }
  if (ruling && !('intent' in ruling)) refuseTo(session, awaited, decided.intent, ruling.reason)
  return true
}

/** What no bot can talk us into, whatever it claims. */
function rule(
  session: Session,
  awaited: AwaitedDecision,
  decided: BotDecided,
  intent: Intent,
  deps: DecisionDeps,
): Ruling {
  const { run, connection } = session
  const { strategyId, symbol, candleTime } = decided
  if (intent.intentId !== intentId(run.tenantId, strategyId, symbol, candleTime)) {
    connection.fault('an intent id that does not belong to its candle')
    deps.log.warn({ tenantId: run.tenantId, runId: run.runId, intentId: intent.intentId }, 'forged intent refused')
    return { outcome: 'held', reason: 'the intent does not belong to this candle' }
  }
  const close = candleTime + timeframeMs(awaited.timeframe)
  if (awaited.mode === 'stale' || !deps.market.isEntryOpen(close)) {
    return { outcome: 'stale', reason: 'the moment to enter has passed' }
  }
  if (session.drainSent) return { outcome: 'draining', reason: 'the bot is stopping' }
  if (!session.intents.take()) return { outcome: 'held', reason: 'too many intents in a minute' }
  return { intent }
}

function draftOf(session: Session, awaited: AwaitedDecision, decided: BotDecided, ruling: Ruling | null): Draft {
  const { outcome, reason } =
    ruling && 'outcome' in ruling
      ? ruling
      : decided.outcome === 'traded' && !ruling
        ? { outcome: 'held' as const, reason: 'said traded without an intent' }
        : ruling
          ? { outcome: 'traded' as const, reason: decided.reason }
          : decided
  return {
    tenantId: session.run.tenantId,
    epoch: session.run.epoch,
    strategyId: awaited.strategyId,
    symbol: awaited.symbol,
    timeframe: awaited.timeframe,
    candleTime: awaited.candleTime,
    configVersion: awaited.configVersion,
    outcome,
    reason,
    signal: decided.signal && { id: randomUUID(), ...decided.signal },
    state: JSON.stringify(decided.state),
  }
}

/** A decision that trades nothing; more of the same becomes one range. */
async function storeRest(session: Session, draft: Draft, { writer }: DecisionDeps): Promise<boolean> {
  const slot = slotName(draft.strategyId, draft.symbol)
  const range = session.ranges.get(slot)
  const decision = { ...draft, tradeId: null }
  const longer = range && prolongs(range, decision) ? range : undefined
  const saved = await writer.write({ ...decision, prolongs: longer })
  if (saved) {
    const { outcome, reason, configVersion, candleTime } = draft
    const fromTime = longer?.fromTime ?? candleTime
    if (draft.signal) session.ranges.delete(slot)
    else session.ranges.set(slot, { fromTime, toTime: candleTime, outcome, reason, configVersion })
  }
  return saved
}

async function storeEntry(
  session: Session,
  saved: SavedConfig,
  strategy: StrategyConfig,
  draft: Draft,
  decided: BotDecided,
  intent: Intent,
  { db, log, signal, market, entries, send }: DecisionDeps,
): Promise<boolean> {
  const { run } = session
  session.ranges.delete(slotName(draft.strategyId, draft.symbol))
  const decision: DecisionWrite = { ...draft, tradeId: null, prolongs: undefined }
  const wish = wishOf(session, saved, strategy, decided, intent, market.source)
  const fields = { tenantId: run.tenantId, runId: run.runId, epoch: run.epoch, intentId: intent.intentId }
  if (wish.account !== 'paper') {
    const reason = 'not-available: Sath does not trade live accounts yet'
    log.warn({ ...fields, account: wish.account }, 'entry on a live account refused')
    const stored = await persist(
      'a refused entry',
      async () => {
        await ensureDecisionDays(db, [decision])
        return await commitUnavailable(db, decision, wish, reason)
      },
      { signal, log },
    )
    if (stored) refuseTo(session, draft, intent, reason, wish.tradeId)
    return stored
  }
  const { result, sendBy } = await entries.write({ decision, wish })
  if (result.kind === 'entered') {
    log.info(
      { ...fields, symbol: wish.symbol, direction: wish.direction, stake: wish.stake, level: wish.level },
      'entry written',
    )
    send(placedFromWish(wish, strategy.timeframe, strategy.expiryCandles), sendBy)
    return true
  }
  if (result.kind === 'refused') {
    log.info({ ...fields, outcome: result.outcome, reason: result.reason, fence: result.fence }, 'entry refused')
    refuseTo(session, draft, intent, result.reason, wish.tradeId)
    return true
  }
  return false
}

function wishOf(
  { run }: Session,
  { version, config }: SavedConfig,
  strategy: StrategyConfig,
  decided: BotDecided,
  intent: Intent,
  source: string,
): EntryWish {
  const { symbol, candleTime, indicators } = decided
  const barMs = timeframeMs(strategy.timeframe)
  const decidedAt = candleTime + barMs
  return {
    tenantId: run.tenantId,
    runId: run.runId,
    epoch: run.epoch,
    configVersion: version,
    config,
    tradeId: randomUUID(),
    orderId: randomUUID(),
    intentId: intent.intentId,
    clientOrderId: clientOrderId(run.tenantId, intent.intentId),
    strategyId: strategy.id,
    symbol,
    source,
    account: config.mode === 'live' ? (strategy.brokerAccountId ?? 'paper') : 'paper',
    instrument: strategy.instrument,
    direction: intent.direction,
    stake: intent.stake,
    currency: paperCurrency,
    payout: strategy.instrument === 'binary' ? paperPayout : '0',
    level: intent.level,
    reason: intent.reason,
    confidence: intent.confidence,
    indicators,
    durationMs: strategy.expiryCandles * barMs,
    stopLossPct: strategy.risk.stopLossPct,
    takeProfitPct: strategy.risk.takeProfitPct,
    signalTime: candleTime,
    decidedAt,
    days: botDays(config.timezone ?? 'UTC', candleTime, decidedAt),
  }
}

/** Tells the bot that its intent became nothing, so that it stops reckoning with it. */
function refuseTo(
  session: Session,
  { strategyId, symbol, candleTime }: Pick<Draft, 'strategyId' | 'symbol' | 'candleTime'>,
  intent: Intent | null,
  reason: string,
  tradeId: string = randomUUID(),
): void {
  if (!intent) return
  const { direction, level, stake } = intent
  const trade: TradeResult = {
    tradeId,
    strategyId,
    symbol,
    direction,
    level,
    stake,
    status: 'refused',
    profit: '0',
    signalTime: candleTime,
    closedAt: null,
    reason,
  }
  tell(session, trade)
}
