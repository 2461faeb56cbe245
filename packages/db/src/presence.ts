import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { programs } from './schema/index.js'

export type ProgramName = 'api' | 'gateway' | 'orchestrator' | 'worker'

/** How often a program says that it is alive, and after how long without it is taken for gone. */
export const presenceEveryMs = 5_000
export const presenceLostAfterMs = 20_000

export interface Presence {
  readonly instanceId: string
  /** From now on this program serves. Facts are small and for people: engine, feed, version. */
  ready(facts?: Readonly<Record<string, unknown>>): Promise<void>
  /** Replaces the facts; told with the next beat. */
  facts(facts: Readonly<Record<string, unknown>>): void
  /** Takes the row away. */
  end(): Promise<void>
}

/** Says in `programs` that this program is alive. A database that is down is met again at the next beat. */
export async function startPresence(
  db: Db,
  program: { readonly name: ProgramName; readonly node: string },
): Promise<Presence> {
  const instanceId = randomUUID()
  const mine = eq(programs.instanceId, instanceId)
  let facts: Record<string, unknown> = {}
  await db
    .delete(programs)
    .where(sql`${programs.name} = ${program.name} and ${programs.seenAt} < now() - interval '10 minutes'`)
  await db.insert(programs).values({ instanceId, name: program.name, node: program.node })
  const timer = setInterval(() => {
    db.update(programs)
      .set({ seenAt: sql`now()`, facts })
      .where(mine)
      .then(undefined, () => {})
  }, presenceEveryMs)
  timer.unref()
  return {
    instanceId,
    async ready(more = {}) {
      facts = { ...facts, ...more }
      await db.update(programs).set({ readyAt: sql`coalesce(ready_at, now())`, seenAt: sql`now()`, facts }).where(mine)
    },
    facts(more) {
      facts = { ...facts, ...more }
    },
    async end() {
      clearInterval(timer)
      await db.delete(programs).where(mine)
    },
  }
}
