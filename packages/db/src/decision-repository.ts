import type { Direction, Outcome, Timeframe } from '@sath/core'
import { and, eq, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { decisions, strategyCheckpoints } from './schema/index.js'

/** A stored range of equal decisions. Times are the open times of its first and last candle, epoch ms. */
export interface DecisionRange {
  readonly fromTime: number
  readonly toTime: number
  readonly outcome: Outcome
  readonly reason: string
  readonly configVersion: number
}

/** How one closed candle ended, with the state after it. */
export interface DecisionWrite {
  readonly tenantId: string
  /** Of the run that decided: under another epoch nothing is written. */
  readonly epoch: number
  readonly strategyId: string
  readonly symbol: string
  readonly timeframe: Timeframe
  /** Open time, epoch ms. */
  readonly candleTime: number
  readonly configVersion: number
  readonly outcome: Outcome
  readonly reason: string
  readonly tradeId: string | null
  readonly signal: {
    readonly id: string
    readonly direction: Direction
    readonly confidence: number
    readonly reason: string
  } | null
  /** JSON text; stored as it is. */
  readonly state: string
  /** The stored range that this decision prolongs; undefined: it begins one of its own. */
  readonly prolongs: Pick<DecisionRange, 'fromTime' | 'toTime'> | undefined
}

const dayMs = 86_400_000

/** Whether a decision is more of the same: no signal, same words, same version, same market day (partitions are by day). */
export function prolongs(range: DecisionRange | undefined, next: Omit<DecisionWrite, 'prolongs'>): boolean {
  return (
    range !== undefined &&
    next.signal === null &&
    next.tradeId === null &&
    range.outcome === next.outcome &&
    range.reason === next.reason &&
    range.configVersion === next.configVersion &&
    range.toTime < next.candleTime &&
    Math.floor(range.fromTime / dayMs) === Math.floor(next.candleTime / dayMs)
  )
}

/** Names one strategy on one symbol of one tenant. */
export function slotKey(slot: { readonly tenantId: string; readonly strategyId: string; readonly symbol: string }) {
  return `${slot.tenantId} ${slot.strategyId} ${slot.symbol}`
}

/**
 * Stores decisions, checkpoints and signals of any number of bots in one statement, all or none. At most one decision per
 * slot. Returns the slot keys that are stored now, this time or before; of the others the epoch is no longer the bot's.
 * Day partitions of `decisions` and `signals` must exist.
 */
export async function commitDecisions(db: Db, writes: readonly DecisionWrite[]): Promise<ReadonlySet<string>> {
  const rows = writes.map((write) => ({
    tenant: write.tenantId,
    epoch: write.epoch,
    strategy: write.strategyId,
    symbol: write.symbol,
    timeframe: write.timeframe,
    at: iso(write.candleTime),
    version: write.configVersion,
    outcome: write.outcome,
    reason: write.reason,
    trade: write.tradeId,
    state: write.state,
    range_from: write.prolongs && iso(write.prolongs.fromTime),
    range_to: write.prolongs && iso(write.prolongs.toTime),
    signal_id: write.signal?.id,
    direction: write.signal?.direction,
    confidence: write.signal?.confidence,
    signal_reason: write.signal?.reason,
  }))
  const saved = await db.execute<{ tenantId: string; strategyId: string; symbol: string }>(sql`
    with d as materialized (
      select x.* from json_to_recordset(${JSON.stringify(rows)}::json) as x(
        tenant uuid, epoch bigint, strategy uuid, symbol text, timeframe text, at timestamptz, version int, outcome text,
        reason text, trade uuid, state text, range_from timestamptz, range_to timestamptz, signal_id uuid, direction text,
        confidence float8, signal_reason text)
      join bots b on b.tenant_id = x.tenant and b.epoch = x.epoch
    ), saved as (
      insert into strategy_checkpoints as c (tenant_id, strategy_id, symbol, config_version, candle_time, state)
      select tenant, strategy, symbol, version, at, state::json from d
      on conflict (tenant_id, strategy_id, symbol) do update
      set config_version = excluded.config_version, candle_time = excluded.candle_time, state = excluded.state, updated_at = now()
      where c.candle_time <> excluded.candle_time
      returning tenant_id, strategy_id, symbol
    ), fresh as (
      select d.* from d join saved s on (s.tenant_id, s.strategy_id, s.symbol) = (d.tenant, d.strategy, d.symbol)
    ), prolonged as (
      update decisions x set to_time = f.at, candles = x.candles + 1 from fresh f
      where f.range_from is not null and x.tenant_id = f.tenant and x.strategy_id = f.strategy and x.symbol = f.symbol
        and x.from_time = f.range_from and x.to_time = f.range_to
      returning x.tenant_id, x.strategy_id, x.symbol
    ), begun as (
      insert into decisions (tenant_id, strategy_id, symbol, from_time, to_time, outcome, reason, config_version, trade_id)
      select tenant, strategy, symbol, at, at, outcome, reason, version, trade from fresh f
      where not exists (select from prolonged p where (p.tenant_id, p.strategy_id, p.symbol) = (f.tenant, f.strategy, f.symbol))
      on conflict do nothing
    ), told as (
      insert into signals (id, tenant_id, strategy_id, symbol, timeframe, time, direction, confidence, reason, config_version)
      select signal_id, tenant, strategy, symbol, timeframe, at, direction, confidence, signal_reason, version from fresh
      where direction is not null
      on conflict do nothing
    )
    select tenant_id as "tenantId", strategy_id as "strategyId", symbol from saved
    union all
    select d.tenant, d.strategy, d.symbol from d join strategy_checkpoints c
      on (c.tenant_id, c.strategy_id, c.symbol, c.candle_time) = (d.tenant, d.strategy, d.symbol, d.at)`)
  return new Set([...saved].map(slotKey))
}

export interface Checkpoint {
  readonly strategyId: string
  readonly symbol: string
  /** Open time of the last decided candle, epoch ms. */
  readonly candleTime: number
  readonly state: unknown
  /** The newest stored range; undefined when the day of the last candle has none any more. */
  readonly range: DecisionRange | undefined
}

/** Where each slot of a tenant stands. */
export async function loadCheckpoints(db: Db, tenantId: string): Promise<readonly Checkpoint[]> {
  const rows = await db.select().from(strategyCheckpoints).where(eq(strategyCheckpoints.tenantId, tenantId))
  const oldest = Math.min(...rows.map(({ candleTime }) => Math.floor(candleTime.getTime() / dayMs) * dayMs))
  if (rows.length === 0) return []
  const newest = await db
    .selectDistinctOn([decisions.strategyId, decisions.symbol])
    .from(decisions)
    .where(and(eq(decisions.tenantId, tenantId), sql`${decisions.fromTime} >= ${iso(oldest)}`))
    .orderBy(decisions.strategyId, decisions.symbol, sql`${decisions.fromTime} desc`)
  return rows.map(({ strategyId, symbol, candleTime, state }) => {
    const last = newest.find((row) => row.strategyId === strategyId && row.symbol === symbol)
    return {
      strategyId,
      symbol,
      candleTime: candleTime.getTime(),
      state,
      range:
        last?.tradeId === null
          ? { ...last, fromTime: last.fromTime.getTime(), toTime: last.toTime.getTime() }
          : undefined,
    }
  })
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
