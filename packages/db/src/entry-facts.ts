import { sql } from 'drizzle-orm'
import type { Db } from './client.js'
import type { EntryFacts } from './entry-limits.js'

/** The instants of one day from `from` up to, not including, `to`; epoch ms. */
export interface DaySpan {
  readonly from: number
  readonly to: number
}

/** What the facts depend on. Times are market time, epoch ms. */
export interface EntryQuestion {
  readonly tenantId: string
  /** Null: a manual order, which needs no run. */
  readonly run: { readonly id: string; readonly epoch: number } | null
  /** Open of the signal bar. */
  readonly signalTime: number
  /** Days of the bot's time zone: that of the signal bar, and that in which the entry would be. */
  readonly days: { readonly signal: DaySpan; readonly entry: DaySpan }
}

/** The facts about one entry, with what its bot's row and runs say. */
export interface EntryStanding {
  readonly facts: EntryFacts
  /** Whether the fence will let it pass, as far as can be seen. The fence itself is the trigger: it has the last word. */
  readonly passes: boolean
}

/**
 * What counts against entries, in one statement for any number of them, answers in the order of the questions. Read it after
 * `select … from bots … for update`, in the same transaction. What all trades came to is what the paper account gained: the
 * statement that closes a trade moves it, and no other account trades.
 *
 * @throws Error when a tenant has no plan
 */
export async function entryStandings(tx: Db, questions: readonly EntryQuestion[]): Promise<EntryStanding[]> {
  const asked = questions.map(({ tenantId, run, signalTime, days }, at) => ({
    at,
    tenant: tenantId,
    run: run?.id,
    epoch: run?.epoch,
    day: utcDay(signalTime),
    signal_from: iso(days.signal.from),
    signal_to: iso(days.signal.to),
    entry_from: iso(days.entry.from),
    entry_to: iso(days.entry.to),
  }))
  const rows = await tx.execute<StandingRow & Record<string, unknown>>(sql`
    select to_json(p.modes) as modes, p.max_strategies as "maxStrategies", p.max_symbols as "maxSymbols",
      p.multi_timeframe as "multiTimeframe",
      p.max_trades_per_day as "maxTradesPerDay", p.max_capital_per_trade::text as "maxCapitalPerTrade",
      p.max_capital::text as "maxCapital", days.utc as "tradesOfUtcDay", days.own as "tradesOfDay",
      (select coalesce(sum(t.stake), 0)::text from trades t
        where t.tenant_id = e.tenant and t.status in ('pending', 'open', 'unknown')) as "atStake",
      coalesce((select a.balance - a.start_balance from broker_accounts a
        where a.tenant_id = e.tenant and a.account = 'paper'), 0)::text as profit,
      (select coalesce(sum(t.profit), 0)::text from trades t
        where t.tenant_id = e.tenant and t.market_day >= (e.entry_from at time zone 'UTC')::date - 60
          and t.status in ('win', 'loss', 'tie') and t.closed_at >= e.entry_from and t.closed_at < e.entry_to) as "profitOfDay",
      b.epoch = e.epoch and b.hold is null and b.desired_state = 'running'
        and exists (select from bot_runs r where r.id = e.run and r.epoch = e.epoch and r.phase in ('created', 'starting', 'running'))
        and not exists (select from orders o
          where o.tenant_id = e.tenant and o.status in ('pending', 'unknown') and o.epoch < e.epoch) as passes
    from json_to_recordset(${JSON.stringify(asked)}::json) as e(at int, tenant uuid, run uuid, epoch bigint, day date,
      signal_from timestamptz, signal_to timestamptz, entry_from timestamptz, entry_to timestamptz)
    join effective_plans p on p.tenant_id = e.tenant
    left join bots b on b.tenant_id = e.tenant
    cross join lateral (
      select count(*) filter (where t.market_day = e.day)::int as utc,
        count(*) filter (where t.signal_time >= e.signal_from and t.signal_time < e.signal_to)::int as own
      from trades t
      where t.tenant_id = e.tenant and t.status <> 'refused'
        and t.market_day between least(e.day, (e.signal_from at time zone 'UTC')::date)
          and greatest(e.day, (e.signal_to at time zone 'UTC')::date)) days
    order by e.at`)
  if (rows.length !== questions.length) throw new Error('a tenant has no plan')
  return rows.map(({ passes, tradesOfUtcDay, tradesOfDay, atStake, profit, profitOfDay, ...plan }) => ({
    passes: passes === true,
    facts: {
      plan: { ...plan, maxCapitalPerTrade: plain(plan.maxCapitalPerTrade), maxCapital: plain(plan.maxCapital) },
      tradesOfUtcDay,
      tradesOfDay,
      atStake,
      profit,
      profitOfDay,
    },
  }))
}

interface StandingRow {
  readonly modes: readonly ('paper' | 'live')[]
  readonly maxStrategies: number | null
  readonly maxSymbols: number | null
  readonly multiTimeframe: boolean
  readonly maxTradesPerDay: number | null
  readonly maxCapitalPerTrade: string | null
  readonly maxCapital: string | null
  readonly tradesOfUtcDay: number
  readonly tradesOfDay: number
  readonly atStake: string
  readonly profit: string
  readonly profitOfDay: string
  readonly passes: boolean | null
}

/** UTC day of an instant, YYYY-MM-DD. */
export function utcDay(time: number): string {
  return iso(time).slice(0, 10)
}

function iso(time: number): string {
  return new Date(time).toISOString()
}

/** Without the zeros that numeric(38,18) puts behind every number. */
function plain(value: string | null): string | null {
  return value?.includes('.') ? value.replace(/\.?0+$/, '') : value
}
