import type { BotConfig } from '@sath/core'
import { and, desc, eq, inArray, isNotNull, isNull, notInArray, or, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import {
  botConfigs,
  botRuns,
  bots,
  type HeartbeatFacts,
  type Hold,
  type Receipt,
  type RunPhase,
} from './schema/index.js'

export type BotRunRow = typeof botRuns.$inferSelect

/** A run that has not ended, with what its gateway needs to know of its bot. */
export interface SessionRun {
  readonly runId: string
  readonly tenantId: string
  readonly epoch: number
  readonly phase: RunPhase
  readonly configVersion: number
  /** It has had a heartbeat. */
  readonly wasRunning: boolean
}

/** What a run with this phase still has ahead of it. */
const ended: RunPhase[] = ['exited', 'aborted']

export async function sessionRuns(db: Db, node: string): Promise<SessionRun[]> {
  return await db
    .select({
      runId: botRuns.id,
      tenantId: botRuns.tenantId,
      epoch: botRuns.epoch,
      phase: botRuns.phase,
      configVersion: bots.configVersion,
      wasRunning: sql<boolean>`${botRuns.runningAt} is not null`,
    })
    .from(botRuns)
    .innerJoin(bots, eq(bots.tenantId, botRuns.tenantId))
    .where(and(eq(botRuns.node, node), notInArray(botRuns.phase, ended)))
}

/** Those of the given runs that have ended. */
export async function endedRuns(db: Db, runIds: readonly string[]): Promise<string[]> {
  if (runIds.length === 0) return []
  const rows = await db
    .select({ id: botRuns.id })
    .from(botRuns)
    .where(and(inArray(botRuns.id, [...runIds]), inArray(botRuns.phase, ended)))
  return rows.map(({ id }) => id)
}

export interface Heartbeat {
  readonly runId: string
  readonly facts: HeartbeatFacts
  /** The bot handles what it is given: its counter rose, or nothing waits for it. */
  readonly advanced: boolean
}

/**
 * Writes the newest heartbeat of any number of runs in one statement; the first one of a run makes it `running`, tells so and
 * rings for its bot. Returns the tenants whose bots became running.
 */
export async function recordHeartbeats(db: Db, beats: readonly Heartbeat[]): Promise<readonly string[]> {
  if (beats.length === 0) return []
  const rows = await db.execute<{ tenantId: string }>(sql`
    with beat as (
      select * from json_to_recordset(${JSON.stringify(beats)}::json) as b("runId" uuid, facts jsonb, advanced boolean)
    ), written as (
      update bot_runs r set
        last_heartbeat_at = now(),
        progress_at = case when beat.advanced or r.progress_at is null then now() else r.progress_at end,
        heartbeat = beat.facts,
        running_at = coalesce(r.running_at, now()),
        phase = case when r.phase in ('created', 'starting') then 'running' else r.phase end
      from beat, bot_runs before
      where r.id = beat."runId" and before.id = r.id and r.phase not in ('exited', 'aborted')
      returning r.id, r.tenant_id, r.phase, before.running_at is null as first
    ), told as (
      insert into run_events (tenant_id, run_id, type, message)
      select tenant_id, id, 'running', 'Its first heartbeat came: the bot is running'
      from written where first and phase = 'running'
    ), rung as (
      update bots b set look_at = date_trunc('milliseconds', now()) from written w where b.tenant_id = w.tenant_id and w.first
      returning b.tenant_id
    )
    select tenant_id as "tenantId" from rung`)
  return [...rows].map(({ tenantId }) => tenantId)
}

/** The bot has said everything; rings, so that the orchestrator need not wait for the deadline. */
export async function recordDrained(db: Db, runId: string): Promise<void> {
  await db.execute(sql`
    with drained as (
      update bot_runs set drained_at = now() where id = ${runId} and drained_at is null and phase not in ('exited', 'aborted')
      returning tenant_id
    )
    update bots b set look_at = date_trunc('milliseconds', now()) from drained d where b.tenant_id = d.tenant_id`)
}

export interface SavedConfig {
  readonly version: number
  readonly config: BotConfig
}

/** The configuration in force, and the epoch that may trade it; undefined before the first save. */
export async function currentConfig(
  db: Db,
  tenantId: string,
): Promise<(SavedConfig & { readonly epoch: number }) | undefined> {
  const [row] = await db
    .select({ version: botConfigs.version, config: botConfigs.config, epoch: bots.epoch })
    .from(botConfigs)
    .innerJoin(bots, and(eq(bots.tenantId, botConfigs.tenantId), eq(bots.configVersion, botConfigs.version)))
    .where(eq(botConfigs.tenantId, tenantId))
  return row
}

/** Symbols that the bots that are to run want, by the source they name; null: the installation's own. */
export async function wantedSymbols(db: Db): Promise<{ source: string | null; symbol: string }[]> {
  const rows = await db.execute<{ source: string | null; symbol: string }>(sql`
    select distinct s.value ->> 'source' as source, symbol.value as symbol
    from bots b
    join bot_configs c on c.tenant_id = b.tenant_id and c.version = b.config_version
    cross join jsonb_array_elements(c.config -> 'strategies') s
    cross join jsonb_array_elements_text(s.value -> 'symbols') symbol
    where b.desired_state = 'running' and (s.value ->> 'enabled')::boolean`)
  return [...rows]
}

export interface UnsettledRun {
  readonly runId: string
  readonly tenantId: string
  readonly epoch: number
  readonly receipt: Receipt | null
  /** The bot is not to run again by itself, so what its owner chose for a stop applies. */
  readonly forGood: boolean
  readonly hold: Hold | null
}

/** Runs of this node that have ended and whose receipt is missing or proves nothing yet, oldest first. */
export async function unsettledRuns(db: Db, node: string): Promise<UnsettledRun[]> {
  return await db
    .select({
      runId: botRuns.id,
      tenantId: botRuns.tenantId,
      epoch: botRuns.epoch,
      receipt: botRuns.receipt,
      forGood: sql<boolean>`${bots.desiredState} = 'stopped' or ${bots.hold} is not null`,
      hold: bots.hold,
    })
    .from(botRuns)
    .innerJoin(bots, eq(bots.tenantId, botRuns.tenantId))
    .where(
      and(
        eq(botRuns.node, node),
        eq(botRuns.phase, 'exited'),
        or(
          isNull(botRuns.settledAt),
          and(
            isNotNull(botRuns.receipt),
            sql`((${botRuns.receipt} ->> 'openOrders')::int > 0 or ${botRuns.receipt} -> 'problems' <> '[]')`,
          ),
        ),
      ),
    )
    .orderBy(botRuns.exitedAt)
}

/** Writes what could be proven; the first time it also settles the run, which rings. */
export async function writeReceipt(db: Db, runId: string, receipt: Receipt): Promise<void> {
  await db
    .update(botRuns)
    .set({ receipt, settledAt: sql`coalesce(${botRuns.settledAt}, now())` })
    .where(and(eq(botRuns.id, runId), eq(botRuns.phase, 'exited')))
}

/** Whether a bot of any node runs. */
export async function someBotRuns(db: Db): Promise<boolean> {
  return (await db.$count(botRuns, inArray(botRuns.phase, ['running', 'stopping', 'killing']))) > 0
}

/**
 * Paper trades of a source that bots have left which are not to run and have no run that is still to be settled: entries that
 * wait for their price, and spot positions that a stop closes, by the configuration in force and the one that entered them.
 */
export async function leftoverTrades(db: Db, source: string): Promise<{ tenantId: string; tradeIds: string[] }[]> {
  const rows = await db.execute<{ tenantId: string; tradeIds: string[] }>(sql`
    select t.tenant_id as "tenantId", json_agg(t.id) as "tradeIds"
    from trades t
    join bots b on b.tenant_id = t.tenant_id
    join bot_configs entered on entered.tenant_id = t.tenant_id and entered.version = t.config_version
    join bot_configs current on current.tenant_id = t.tenant_id and current.version = b.config_version
    where t.status = 'open' and t.account = 'paper' and t.source = ${source} and t.strategy_id is not null
      and (b.desired_state = 'stopped' or b.hold is not null)
      and (t.opened_at is null
        or (t.instrument = 'spot' and entered.config ->> 'onStop' = 'close' and current.config ->> 'onStop' = 'close'))
      and not exists (select from bot_runs r where r.tenant_id = t.tenant_id
        and (r.phase not in ('exited', 'aborted') or (r.phase = 'exited' and r.settled_at is null)))
    group by t.tenant_id`)
  return [...rows]
}

/** Tells in the newest receipt of what was closed after it was written, so that it does not list as kept what is gone. */
export async function noteLateCloses(
  db: Db,
  tenantId: string,
  closed: readonly { readonly id: string; readonly status: string }[],
): Promise<void> {
  const [run] = await db
    .select({ id: botRuns.id, receipt: botRuns.receipt })
    .from(botRuns)
    .where(and(eq(botRuns.tenantId, tenantId), eq(botRuns.phase, 'exited')))
    .orderBy(desc(botRuns.epoch))
    .limit(1)
  if (!run?.receipt) return
  const ids = new Set(closed.map(({ id }) => id))
  const positions = closed.filter(({ status }) => status !== 'cancelled').length
  await writeReceipt(db, run.id, {
    ...run.receipt,
    positionsClosed: run.receipt.positionsClosed + positions,
    positionsKept: run.receipt.positionsKept.filter(({ tradeId }) => !ids.has(tradeId)),
  })
}

/** Most the plan allows for one trade now, by tenant; null: no limit. */
export async function stakeLimits(db: Db, tenantIds: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  if (tenantIds.length === 0) return new Map()
  const rows = await db.execute<{ tenantId: string; most: string | null }>(sql`
    select tenant_id as "tenantId", trim_scale(max_capital_per_trade)::text as most from effective_plans
    where tenant_id in (select json_array_elements_text(${JSON.stringify(tenantIds)}::json)::uuid)`)
  return new Map([...rows].map(({ tenantId, most }) => [tenantId, most]))
}
