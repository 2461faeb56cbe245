import { sql } from 'drizzle-orm'
import type { Db } from './client.js'

/** The name of the plan that a tenant will have at a moment, as things are now. @throws as `planAt` */
export async function planNameAt(db: Db, tenantId: string, at: Date): Promise<string> {
  return (await planAt(db, tenantId, at)).name
}

/** The plan that a tenant will have at a moment, as things are now. @throws Error when plans were never seeded */
export async function planAt(db: Db, tenantId: string, at: Date): Promise<{ id: string; name: string }> {
  const [row] = await db.execute<{ id: string; name: string }>(sql`
    select id, name from plans
    where id = coalesce((select plan_id from plan_in_force(${tenantId}, ${at.toISOString()}::timestamptz)), 'free')`)
  if (!row) throw new Error('there is no free plan')
  return row
}
