import type { GrantSource } from '@sath/core'
import { sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { grantReminders } from './schema/index.js'

/** A plan that ends soon, whose owner was not warned of it yet. */
export interface EndingGrant {
  readonly grantId: string
  readonly tenantId: string
  readonly email: string
  readonly name: string | null
  readonly locale: string
  readonly source: GrantSource
  readonly planId: string
  readonly planName: string
  /** When the plan in force falls. */
  readonly endsAt: Date
  /** Which of the warnings is due. */
  readonly daysBefore: number
}

/**
 * Grants with whose end the plan in force falls within so many days, each with the nearest warning that is due and was not
 * given. One that was given for less time than the warning is ahead is not warned of so early, nor is one after which another
 * grant goes on.
 *
 * @param daysBefore when to warn, for example [7, 1]
 */
export async function grantsEndingWithin(
  db: Db,
  daysBefore: readonly number[],
  limit = 100,
): Promise<readonly EndingGrant[]> {
  const furthest = Math.max(...daysBefore)
  const rows = await db.execute<{ [Name in keyof EndingGrant]: EndingGrant[Name] }>(sql`
    select distinct on (g.ends_at, g.tenant_id) g.id as "grantId", g.tenant_id as "tenantId", u.email, u.name, u.locale, g.source,
      e.id as "planId", e.name as "planName", g.ends_at as "endsAt", d.days as "daysBefore"
    from plan_grants g
    join users u on u.id = g.tenant_id and u.is_active and u.deleting_at is null
    join effective_plans e on e.tenant_id = g.tenant_id and e.until = g.ends_at
    join plans p on p.id = g.plan_id and p.rank >= e.rank
    cross join lateral (
      select min(w.days) as days
      from (select value::int as days from json_array_elements_text(${JSON.stringify(daysBefore)}::json)) w
      where g.ends_at <= statement_timestamp() + w.days * interval '1 day'
    ) d
    where g.ends_at > statement_timestamp() and g.ends_at <= statement_timestamp() + ${furthest} * interval '1 day'
      and g.created_at <= g.ends_at - d.days * interval '1 day'
      and not exists (select from grant_reminders r
        where r.grant_id = g.id and r.ends_at = g.ends_at and r.days_before <= d.days)
    order by g.ends_at, g.tenant_id, p.rank desc, g.id limit ${limit}`)
  return [...rows].map((row) => ({ ...row, endsAt: new Date(row.endsAt) }))
}

/** Notes a warning, in the transaction that writes its mail. False: somebody has given it already. */
export async function noteReminder(
  tx: Db,
  { grantId, endsAt, daysBefore }: Pick<EndingGrant, 'grantId' | 'endsAt' | 'daysBefore'>,
): Promise<boolean> {
  const rows = await tx
    .insert(grantReminders)
    .values({ grantId, endsAt, daysBefore })
    .onConflictDoNothing()
    .returning({ grantId: grantReminders.grantId })
  return rows.length > 0
}
