import { type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type postgres from 'postgres'
import type { Db } from './client.js'
import type { Condition, HeartbeatFacts, Hold, Receipt, RunPhase } from './schema/index.js'

export const statusWords = ['stopped', 'starting', 'running', 'stopping', 'error'] as const
export type StatusWord = (typeof statusWords)[number]

/** A bot, its unfinished run and its last stop, as they are in one instant. Times are ISO 8601 UTC. */
export interface BotSituation {
  readonly tenantId: string
  readonly status: StatusWord
  readonly desired: 'running' | 'stopped'
  readonly generation: number
  readonly observedGeneration: number
  readonly hold: Hold | null
  readonly holdReason: string | null
  readonly heldAt: string | null
  readonly mode: 'paper' | 'live' | null
  readonly conditions: readonly Condition[]
  readonly run: RunRow | null
  readonly lastStop: StopRow | null
}

interface RunRow {
  readonly id: string
  readonly epoch: number
  readonly phase: RunPhase
  readonly engine: string
  readonly node: string
  readonly containerId: string | null
  readonly imageId: string | null
  readonly startedAt: string | null
  readonly lastHeartbeatAt: string | null
  readonly restarts: number
  readonly heartbeat: HeartbeatFacts | null
}

interface StopRow {
  readonly runId: string
  readonly requestedAt: string
  readonly exitedAt: string
  readonly settledAt: string | null
  readonly exitCode: number | null
  readonly by: 'user' | 'admin' | 'system' | null
  readonly receipt: Receipt | null
}

/** One word for people; the first line that applies. `b` is the bot, `r` its unfinished run, `s` its last stop. */
const word = sql`case
  when r.phase in ('stopping', 'killing') then 'stopping'
  when b.hold in ('crash-loop', 'credentials') then 'error'
  when r.id is not null and (b.desired_state = 'stopped' or b.hold is not null) then 'stopping'
  when r.phase = 'running' then 'running'
  when r.id is not null then 'starting'
  when b.desired_state = 'running' and b.hold is null then 'starting'
  when s.id is not null and s.settled_at is null then 'stopping'
  else 'stopped' end`

const iso = (column: SQL) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const columns = sql`b.tenant_id as "tenantId", ${word} as status, b.desired_state as desired,
  b.generation::float8 as generation, b.observed_generation::float8 as "observedGeneration",
  b.hold, b.hold_reason as "holdReason", ${iso(sql`b.held_at`)} as "heldAt",
  b.conditions || b.plan_conditions as conditions,
  (select c.config ->> 'mode' from bot_configs c where c.tenant_id = b.tenant_id and c.version = b.config_version) as mode,
  case when r.id is null then null else json_build_object('id', r.id, 'epoch', r.epoch, 'phase', r.phase,
    'engine', r.engine, 'node', r.node, 'containerId', r.container_id, 'imageId', r.image_id,
    'startedAt', ${iso(sql`r.started_at`)}, 'lastHeartbeatAt', ${iso(sql`r.last_heartbeat_at`)},
    'restarts', r.restarts, 'heartbeat', r.heartbeat) end as run,
  case when s.id is null then null else json_build_object('runId', s.id, 'requestedAt', ${iso(sql`s.stop_requested_at`)},
    'exitedAt', ${iso(sql`s.exited_at`)}, 'settledAt', ${iso(sql`s.settled_at`)}, 'exitCode', s.exit_code,
    'by', s.stopped_by, 'receipt', s.receipt) end as "lastStop"`

const tables = sql`bots b
  left join bot_runs r on r.tenant_id = b.tenant_id and r.phase not in ('exited', 'aborted')
  left join lateral (select * from bot_runs x where x.tenant_id = b.tenant_id and x.phase = 'exited'
    and x.stop_requested_at is not null order by x.created_at desc limit 1) s on true`

/** Undefined: there is no such bot. */
export async function botSituation(db: Db, tenantId: string): Promise<BotSituation | undefined> {
  const [row] = await db.execute(sql`select ${columns} from ${tables} where b.tenant_id = ${tenantId}`)
  return row as BotSituation | undefined
}

const situationsText = new PgDialect().sqlToQuery(
  sql`select ${columns} from ${tables} where b.tenant_id = any($1::uuid[])`,
).sql

/**
 * The same of many bots at once, outside of a transaction and as a prepared statement: everybody who looks at a bot asks this
 * again and again, and planning it costs several times what running it does.
 */
export async function botSituations(
  pool: postgres.Sql,
  tenantIds: readonly string[],
): Promise<ReadonlyMap<string, BotSituation>> {
  const rows = await pool.unsafe<BotSituation[]>(situationsText, [`{${tenantIds.join(',')}}`], { prepare: true })
  return new Map(rows.map((row) => [row.tenantId, row]))
}

export interface BotListItem extends BotSituation {
  readonly email: string
  readonly createdAt: string
}

/** Bots with their owners, newest owner first. `before`: the last row of the page before. */
export async function listBots(
  db: Db,
  filter: { readonly status?: StatusWord | undefined; readonly after?: SQL | undefined; readonly limit: number },
): Promise<BotListItem[]> {
  const status = filter.status === undefined ? sql`true` : sql`${word} = ${filter.status}`
  const rows = await db.execute(sql`
    select ${columns}, users.email, ${iso(sql`users.created_at`)} as "createdAt"
    from ${tables} join users on users.id = b.tenant_id
    where users.deleting_at is null and ${status} and ${filter.after ?? sql`true`}
    order by users.created_at desc, users.id desc limit ${filter.limit}`)
  return rows as unknown as BotListItem[]
}

/** How many bots are in each state. */
export async function countBots(db: Db): Promise<Record<StatusWord, number>> {
  const rows = await db.execute<{ status: StatusWord; n: number }>(
    sql`select ${word} as status, count(*)::int as n from ${tables} group by 1`,
  )
  const counts: Record<StatusWord, number> = { stopped: 0, starting: 0, running: 0, stopping: 0, error: 0 }
  for (const { status, n } of rows) counts[status] = n
  return counts
}
