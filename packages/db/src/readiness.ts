import { sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { type ProgramName, presenceLostAfterMs } from './presence.js'

export interface ReadyProgram {
  readonly name: ProgramName
  readonly node: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** Programs that serve and were seen lately, newest sign of life first. */
export async function readyPrograms(db: Db): Promise<ReadyProgram[]> {
  const rows = await db.execute<{ name: ProgramName; node: string; facts: Record<string, unknown> }>(sql`
    select name, node, facts from programs
    where ready_at is not null and seen_at > now() - ${presenceLostAfterMs} * interval '1 millisecond'
    order by seen_at desc`)
  return rows.map((row) => ({ ...row }))
}
