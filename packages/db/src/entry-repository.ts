import type { BotConfig, Decimal, Direction, Instrument, Outcome } from '@sath/core'
import { eq, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { commitDecisions, type DecisionWrite } from './decision-repository.js'
import { type EntryQuestion, entryStandings, utcDay } from './entry-facts.js'
import { entryRefusal } from './entry-limits.js'
import { sendWithinSeconds } from './order-repository.js'
import { bots, orders, trades } from './schema/index.js'
import { sqlState } from './sql-state.js'

export interface EntryWish {
  readonly tenantId: string
  readonly runId: string
  readonly epoch: number
  readonly configVersion: number
  readonly config: BotConfig
  readonly tradeId: string
  readonly orderId: string
  readonly intentId: string
  readonly clientOrderId: string
  readonly strategyId: string
  readonly symbol: string
  readonly source: string
  readonly account: string
  readonly instrument: Instrument
  readonly direction: Direction
  readonly stake: Decimal
  readonly currency: string
  readonly payout: Decimal
  readonly level: number
  readonly reason: string
  readonly confidence: number
  readonly indicators: Readonly<Record<string, number>>
  readonly durationMs: number
  readonly stopLossPct?: number | undefined
  readonly takeProfitPct?: number | undefined
  /** Open time of the signal bar, epoch ms. */
  readonly signalTime: number
  /** Close of the signal bar: the earliest entry, epoch ms. */
  readonly decidedAt: number
  /** The days of its time zone that signal and entry are on. */
  readonly days: EntryQuestion['days']
}

export type EntryResult =
  | { readonly kind: 'entered' }
  /** The decision was stored with this outcome instead. `fence`: its SQLSTATE, when the fence said no. */
  | { readonly kind: 'refused'; readonly outcome: Outcome; readonly reason: string; readonly fence?: string }
  /** Nothing was written: the intent was traded by somebody else, or the epoch is over. */
  | { readonly kind: 'ignored' }

/** What the fence says (see the migration) as the outcome of a decision. */
const fenceWords: Readonly<Record<string, { outcome: Outcome; reason: string }>> = {
  SF001: { outcome: 'held', reason: 'there is no bot' },
  SF002: { outcome: 'held', reason: 'the bot is held' },
  SF003: { outcome: 'held', reason: 'another run has taken over' },
  SF004: { outcome: 'draining', reason: 'the bot is stopped' },
  SF005: { outcome: 'draining', reason: 'the run is ending' },
  SF006: { outcome: 'held', reason: 'orders of an earlier run are not answered yet' },
}

class Ignored extends Error {}

/**
 * Writes a decision that wants to enter, in one transaction under the bot's row lock: limits, fence, trade and order, and the
 * decision with its checkpoint, whose outcome says what came of it. Once it returns `entered` the order must be sent.
 */
export async function commitEntry(db: Db, decision: DecisionWrite, wish: EntryWish): Promise<EntryResult> {
  try {
    return await db.transaction(async (tx) => {
      await tx.select({ one: sql`1` }).from(bots).where(eq(bots.tenantId, wish.tenantId)).for('update')
      // A statement of its own: only what is read after the lock is sure to see what others wrote under it.
      const [standing] = await entryStandings(tx, [questionOf(wish)])
      const refusal = standing && entryRefusal(wish, standing.facts)
      const result: EntryResult = refusal ? { kind: 'refused', ...refusal } : await enter(tx, wish)
      const saved = await commitDecisions(tx, [decisionOf(decision, wish, result)])
      if (saved.size === 0) throw new Ignored()
      return result
    })
  } catch (error) {
    if (error instanceof Ignored) return { kind: 'ignored' }
    if (sqlState(error) !== '23505') throw error
    // The same intent again: ours, when an answer of the database was lost on the way, or somebody else's.
    const [mine] = await db.select({ id: orders.id }).from(orders).where(eq(orders.id, wish.orderId))
    return { kind: mine ? 'entered' : 'ignored' }
  }
}

/**
 * Writes a decision to enter on an account that Sath cannot trade yet: a refused trade without an order, for its owner to see.
 * False: the candle is decided already, or the epoch is over.
 */
export async function commitUnavailable(
  db: Db,
  decision: DecisionWrite,
  wish: EntryWish,
  reason: string,
): Promise<boolean> {
  try {
    await db.transaction(async (tx) => {
      await tx.insert(trades).values({ ...tradeOf(wish), status: 'refused', reason })
      const saved = await commitDecisions(tx, [{ ...decision, tradeId: wish.tradeId }])
      if (saved.size === 0) throw new Ignored()
    })
    return true
  } catch (error) {
    if (error instanceof Ignored || sqlState(error) === '23505') return false
    throw error
  }
}

/** Trade and order, or the fence's reason; what it refuses leaves nothing behind. */
async function enter(tx: Db, wish: EntryWish): Promise<EntryResult> {
  try {
    await tx.transaction((inner) => insertEntries(inner, [wish]))
    return { kind: 'entered' }
  } catch (error) {
    const fence = sqlState(error)
    const words = fence === undefined ? undefined : fenceWords[fence]
    if (!words || fence === undefined) throw error
    return { kind: 'refused', ...words, fence }
  }
}

/**
 * Trades and orders, all or none; the fence has a look at each. Sending begins with the commit: an order that says when it was
 * sent and has no answer may be at the broker, one without was surely never sent.
 */
export async function insertEntries(tx: Db, wishes: readonly EntryWish[]): Promise<void> {
  if (wishes.length === 0) return
  await tx.execute(sql`
    with e as materialized (
      select * from json_to_recordset(${JSON.stringify(wishes.map(entryOf))}::json) as x(
        id uuid, "orderId" uuid, "tenantId" uuid, "strategyId" uuid, "runId" uuid, epoch bigint, "configVersion" int,
        symbol text, source text, account text, instrument text, direction text, stake numeric, currency text,
        payout numeric, level int, reason text, confidence float8, indicators jsonb, "durationMs" bigint,
        "stopLossPct" float8, "takeProfitPct" float8, "signalTime" timestamptz, "marketDay" date, "intentId" uuid,
        "clientOrderId" text)
    ), traded as (
      insert into trades (id, tenant_id, strategy_id, run_id, epoch, config_version, symbol, source, account, instrument,
        direction, stake, currency, payout, level, reason, confidence, indicators, duration_ms, stop_loss_pct,
        take_profit_pct, signal_time, market_day)
      select id, "tenantId", "strategyId", "runId", epoch, "configVersion", symbol, source, account, instrument, direction,
        stake, currency, payout, level, reason, confidence, indicators, "durationMs", "stopLossPct", "takeProfitPct",
        "signalTime", "marketDay" from e
    )
    insert into orders (id, tenant_id, trade_id, run_id, epoch, purpose, intent_id, client_order_id, account, symbol,
      direction, amount, currency, send_before, sent_at)
    select "orderId", "tenantId", id, "runId", epoch, 'entry', "intentId", "clientOrderId", account, symbol, direction,
      stake, currency, now() + make_interval(secs => ${sendWithinSeconds}), now() from e`)
}

/** A trade with what its order says besides. */
function entryOf(wish: EntryWish) {
  const { orderId, intentId, clientOrderId } = wish
  return { ...tradeOf(wish), orderId, intentId, clientOrderId }
}

export function questionOf({ tenantId, runId, epoch, signalTime, days }: EntryWish): EntryQuestion {
  return { tenantId, run: { id: runId, epoch }, signalTime, days }
}

/** The decision as it ended: what was refused says why, what was entered names its trade. */
export function decisionOf(decision: DecisionWrite, wish: EntryWish, result: EntryResult): DecisionWrite {
  return result.kind === 'refused'
    ? { ...decision, outcome: result.outcome, reason: result.reason, tradeId: null }
    : { ...decision, tradeId: wish.tradeId }
}

function tradeOf(wish: EntryWish): typeof trades.$inferInsert {
  return {
    id: wish.tradeId,
    tenantId: wish.tenantId,
    strategyId: wish.strategyId,
    runId: wish.runId,
    epoch: wish.epoch,
    configVersion: wish.configVersion,
    symbol: wish.symbol,
    source: wish.source,
    account: wish.account,
    instrument: wish.instrument,
    direction: wish.direction,
    stake: wish.stake,
    currency: wish.currency,
    payout: wish.payout,
    level: wish.level,
    reason: wish.reason,
    confidence: wish.confidence,
    indicators: { ...wish.indicators },
    durationMs: wish.durationMs,
    stopLossPct: wish.stopLossPct,
    takeProfitPct: wish.takeProfitPct,
    signalTime: new Date(wish.signalTime),
    marketDay: utcDay(wish.signalTime),
  }
}
