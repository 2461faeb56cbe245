import { and, desc, eq, gte } from 'drizzle-orm'
import type { Db } from './client.js'
import { afterCursor, type Page, type PageRequest, type SortKey, toPage } from './cursor.js'
import { auditLog } from './schema/index.js'

/** Who acts, and from where. */
export interface Actor {
  /** Null: nobody was signed in, or Sath itself. */
  readonly id: string | null
  readonly address: string | null
  readonly agent: string | null
}

export type AuditEntry = typeof auditLog.$inferSelect

/** Leaves a row in the audit log: in the same transaction as what it tells of. Fields never hold secrets or addresses of mail. */
export async function audit(
  db: Db,
  actor: Actor,
  action: string,
  target: string | null,
  fields: Record<string, unknown> = {},
): Promise<void> {
  await db
    .insert(auditLog)
    .values({ actorId: actor.id, address: actor.address, agent: actor.agent, action, target, fields })
}

const order: readonly SortKey[] = [
  { column: auditLog.time, type: 'timestamptz' },
  { column: auditLog.id, type: 'bigint' },
]

/** The audit log, newest first, for admins. */
export async function readAudit(
  db: Db,
  filter: {
    readonly actor?: string | undefined
    readonly action?: string | undefined
    readonly from?: Date | undefined
  },
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  const rows = await db
    .select()
    .from(auditLog)
    .where(
      and(
        filter.actor === undefined ? undefined : eq(auditLog.actorId, filter.actor),
        filter.action === undefined ? undefined : eq(auditLog.action, filter.action),
        filter.from === undefined ? undefined : gte(auditLog.time, filter.from),
        afterCursor(order, page.cursor),
      ),
    )
    .orderBy(desc(auditLog.time), desc(auditLog.id))
    .limit(page.limit + 1)
  return toPage(
    rows,
    page.limit,
    (row) => [row.time, row.id],
    (row) => row,
  )
}
