import { and, asc, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { afterCursor, type Page, type PageRequest, type SortKey, toPage } from './cursor.js'
import type { Payment, PaymentMethod, PaymentStatus } from './payment-repository.js'
import { payments, planGrants, users } from './schema/index.js'

/** A payment with the address of who paid it (null: erased) and the days it gave (null: none). */
export type LedgerRow = Payment & {
  readonly email: string | null
  readonly grant: { readonly startsAt: Date; readonly endsAt: Date | null } | null
}

export interface LedgerFilter {
  readonly tenantId?: string | undefined
  readonly method?: PaymentMethod | undefined
  readonly status?: PaymentStatus | undefined
  /** By when it was paid; `to` excluded. */
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

const order: readonly SortKey[] = [
  { column: payments.paidAt, type: 'timestamptz' },
  { column: payments.id, type: 'uuid' },
]

/** The ledger, newest first. */
export async function readPayments(db: Db, filter: LedgerFilter, page: PageRequest): Promise<Page<LedgerRow>> {
  const rows = await ledger(db, and(within(filter), afterCursor(order, page.cursor)))
    .orderBy(desc(payments.paidAt), desc(payments.id))
    .limit(page.limit + 1)
  return toPage(
    rows,
    page.limit,
    ({ payment }) => [payment.paidAt, payment.id],
    ({ payment, email, grant }) => ({ ...payment, email, grant }),
  )
}

export async function findPayment(db: Db, id: string): Promise<LedgerRow | undefined> {
  const [row] = await ledger(db, eq(payments.id, id))
  return row && { ...row.payment, email: row.email, grant: row.grant }
}

/** The whole ledger, oldest first, in batches that are read as they are wanted, so that it may be of any length. */
export async function* eachPayment(db: Db, filter: LedgerFilter, batch = 500): AsyncGenerator<LedgerRow> {
  let last: Payment | undefined
  for (;;) {
    const after =
      last && sql`(${payments.paidAt}, ${payments.id}) > (${last.paidAt.toISOString()}::timestamptz, ${last.id}::uuid)`
    const rows = await ledger(db, and(within(filter), after))
      .orderBy(asc(payments.paidAt), asc(payments.id))
      .limit(batch)
    for (const { payment, email, grant } of rows) yield { ...payment, email, grant }
    last = rows.at(-1)?.payment
    if (rows.length < batch) return
  }
}

function ledger(db: Db, where: SQL | undefined) {
  return db
    .select({
      payment: payments,
      email: users.email,
      grant: { startsAt: planGrants.startsAt, endsAt: planGrants.endsAt },
    })
    .from(payments)
    .leftJoin(users, eq(users.id, payments.tenantId))
    .leftJoin(planGrants, eq(planGrants.id, payments.grantId))
    .where(where)
}

function within({ tenantId, method, status, from, to }: LedgerFilter) {
  return and(
    tenantId === undefined ? undefined : eq(payments.tenantId, tenantId),
    method === undefined ? undefined : eq(payments.method, method),
    status === undefined ? undefined : eq(payments.status, status),
    from === undefined ? undefined : gte(payments.paidAt, from),
    to === undefined ? undefined : lt(payments.paidAt, to),
  )
}
