import { money } from '@sath/core'
import { sql } from 'drizzle-orm'
import type { Db } from './client.js'

/**
 * How the closed trades of one account went. Amounts are in the account's currency; rates have 1 = 100 %. What cannot be
 * computed (no loss to divide by, fewer than two trades) is null.
 */
export interface Performance {
  readonly account: string
  readonly currency: string
  /** Market time of the first and last close that count; null without any. */
  readonly from: string | null
  readonly to: string | null
  readonly trades: number
  readonly wins: number
  readonly losses: number
  readonly ties: number
  readonly staked: string
  readonly profit: string
  readonly grossProfit: string
  /** Positive. */
  readonly grossLoss: string
  /** Wins of wins and losses: a tie is neither. */
  readonly winRate: number | null
  readonly profitFactor: number | null
  /** Mean profit of a trade per unit staked over its standard deviation; per trade, not annualised. */
  readonly sharpe: number | null
  /** Deepest fall of the balance from its highest point before it. */
  readonly maxDrawdown: string
  /** The same, 1 = 100 % of that highest point. */
  readonly maxDrawdownRate: number
  readonly longestWinStreak: number
  readonly longestLossStreak: number
  /** Positive: wins in a row now; negative: losses. Ties do not count. */
  readonly currentStreak: number
}

const days = { day: 1, week: 7, month: 30 } as const
export type PerformancePeriod = keyof typeof days

/** Closed trades of the last day, week (7 days) or month (30) of market time, which ends with the account's newest close. */
export async function readPerformance(
  db: Db,
  tenantId: string,
  account: string,
  period: PerformancePeriod | undefined,
): Promise<Performance> {
  const window =
    period === undefined
      ? sql`true`
      : sql`closed_at > (select max(closed_at) from trades where tenant_id = ${tenantId} and account = ${account})
          - ${days[period]} * interval '1 day'`
  const [row] = await db.execute<Record<string, string | number | null>>(sql`
    with closed as (
      select profit, stake, status, closed_at, created_at, id,
        row_number() over (order by closed_at, created_at, id) as n
      from trades
      where tenant_id = ${tenantId} and account = ${account} and status in ('win', 'loss', 'tie') and ${window}
    ), held as (
      select start_balance, currency from broker_accounts where tenant_id = ${tenantId} and account = ${account}
    ), curve as (
      select n, coalesce((select start_balance from held), 0) + sum(profit) over (order by n) as balance from closed
    ), peaks as (
      select balance, greatest(max(balance) over (order by n), coalesce((select start_balance from held), 0)) as peak from curve
    ), decided as (
      select status, row_number() over (order by n) - row_number() over (partition by status order by n) as island, n
      from closed where status <> 'tie'
    ), streaks as (
      select status, count(*)::int as length, max(n) as last from decided group by status, island
    )
    select
      coalesce((select currency from held), 'USD') as currency,
      to_char(min(closed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "from",
      to_char(max(closed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "to",
      count(*)::int as trades,
      (count(*) filter (where status = 'win'))::int as wins,
      (count(*) filter (where status = 'loss'))::int as losses,
      (count(*) filter (where status = 'tie'))::int as ties,
      coalesce(sum(stake), 0)::text as staked,
      coalesce(sum(profit), 0)::text as profit,
      coalesce(sum(profit) filter (where profit > 0), 0)::text as "grossProfit",
      coalesce(-sum(profit) filter (where profit < 0), 0)::text as "grossLoss",
      (count(*) filter (where status = 'win'))::float8 / nullif(count(*) filter (where status <> 'tie'), 0) as "winRate",
      (sum(profit) filter (where profit > 0) / nullif(-sum(profit) filter (where profit < 0), 0))::float8 as "profitFactor",
      (avg(profit / stake) / nullif(stddev_samp(profit / stake), 0))::float8 as sharpe,
      coalesce((select max(peak - balance) from peaks), 0)::text as "maxDrawdown",
      coalesce((select max((peak - balance) / nullif(peak, 0)) from peaks where peak > 0), 0)::float8 as "maxDrawdownRate",
      coalesce((select max(length) from streaks where status = 'win'), 0) as "longestWinStreak",
      coalesce((select max(length) from streaks where status = 'loss'), 0) as "longestLossStreak",
      coalesce((select case status when 'win' then length else -length end from streaks order by last desc limit 1), 0)
        as "currentStreak"
    from closed`)
  const shortest = (name: string) => money.add(String(row?.[name] ?? '0'), '0')
  return {
    ...(row as unknown as Performance),
    account,
    staked: shortest('staked'),
    profit: shortest('profit'),
    grossProfit: shortest('grossProfit'),
    grossLoss: shortest('grossLoss'),
    maxDrawdown: shortest('maxDrawdown'),
  }
}
