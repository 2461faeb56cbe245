import { and, asc, count, desc, eq, gt, inArray, ne, sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { afterCursor, type PageRequest, type SortKey, toPage } from './cursor.js'
import { brokerAccounts, credentials, jobs, orders } from './schema/index.js'

/** A stored key as its owner may see it: never what is sealed. */
const columns = {
  id: credentials.id,
  kind: credentials.kind,
  provider: credentials.provider,
  environment: credentials.environment,
  label: credentials.label,
  hint: credentials.hint,
  status: credentials.status,
  lastTestAt: credentials.lastTestAt,
  lastTestDetail: credentials.lastTestDetail,
  lastConnectedAt: credentials.lastConnectedAt,
  createdAt: credentials.createdAt,
  balance: brokerAccounts.balance,
  currency: brokerAccounts.currency,
  balanceAt: brokerAccounts.updatedAt,
}

const order: readonly SortKey[] = [
  { column: credentials.createdAt, type: 'timestamptz' },
  { column: credentials.id, type: 'uuid' },
]

export interface SealedKey {
  readonly keyId: string
  readonly sealed: Uint8Array
  /** Last characters of the key's public part. */
  readonly hint: string
}

/** Keys of one tenant. Bound to its tenant at birth, so no query can forget the filter. */
export function credentialRepository(db: Db, tenantId: string) {
  const mine = eq(credentials.tenantId, tenantId)
  const visible = () =>
    db.select(columns).from(credentials).leftJoin(brokerAccounts, eq(brokerAccounts.credentialId, credentials.id))
  return {
    /** Newest first. */
    async list(kind: 'exchange' | 'ai', page: PageRequest) {
      const rows = await visible()
        .where(and(mine, eq(credentials.kind, kind), afterCursor(order, page.cursor)))
        .orderBy(desc(credentials.createdAt), desc(credentials.id))
        .limit(page.limit + 1)
      return toPage(
        rows,
        page.limit,
        (row) => [row.createdAt, row.id],
        (row) => row,
      )
    },
    async find(id: string, kind?: 'exchange' | 'ai') {
      const [row] = await visible().where(
        and(mine, eq(credentials.id, id), kind === undefined ? undefined : eq(credentials.kind, kind)),
      )
      return row
    },
    /** The id is given because the sealed text is bound to it. */
    async add(
      key: SealedKey & {
        readonly id: string
        readonly kind: 'exchange' | 'ai'
        readonly provider: string
        readonly environment: 'testnet' | 'live' | null
        readonly label: string | null
      },
    ): Promise<void> {
      await db.insert(credentials).values({ ...key, tenantId })
    },
    /**
     * Puts other credentials under the same id; what was known about the old ones, their balance too, is forgotten. Call it
     * in a transaction. False: not there.
     */
    async replace(id: string, key: SealedKey & { readonly label?: string | null | undefined }): Promise<boolean> {
      const { label, ...sealed } = key
      const rows = await db
        .update(credentials)
        .set({
          ...sealed,
          ...(label === undefined ? {} : { label }),
          status: 'untested',
          lastTestAt: null,
          lastTestDetail: null,
          updatedAt: sql`now()`,
        })
        .where(and(mine, eq(credentials.id, id), eq(credentials.kind, 'exchange')))
        .returning({ id: credentials.id })
      if (rows.length === 0) return false
      await db
        .delete(brokerAccounts)
        .where(and(eq(brokerAccounts.tenantId, tenantId), eq(brokerAccounts.credentialId, id)))
      return true
    },
    /** False: orders were placed with it and refer to it. Call it under the bot's row lock, which orders take too. */
    async remove(id: string): Promise<boolean> {
      const rows = await db
        .delete(credentials)
        .where(
          and(
            mine,
            eq(credentials.id, id),
            sql`not exists (select from ${orders} where ${orders.credentialId} = ${credentials.id})`,
          ),
        )
        .returning({ id: credentials.id })
      return rows.length > 0
    },
    /** How many of the tenant's keys there are. */
    count(): Promise<number> {
      return db.$count(credentials, mine)
    },
    /** Which of these ids are broker keys of this tenant. */
    async ownBrokerKeys(ids: readonly string[]): Promise<Set<string>> {
      if (ids.length === 0) return new Set()
      const rows = await db
        .select({ id: credentials.id })
        .from(credentials)
        .where(and(mine, eq(credentials.kind, 'exchange'), inArray(credentials.id, [...ids])))
      return new Set(rows.map((row) => row.id))
    },
    /** Asks the gateway to try the key. Returns the test's id. */
    async requestTest(id: string): Promise<string> {
      const [row] = await db
        .insert(jobs)
        .values({ tenantId, kind: 'key-test', input: { credentialId: id } })
        .returning({ id: jobs.id })
      if (!row) throw new Error('the insert returned nothing')
      return row.id
    },
    async findTest(testId: string) {
      const [row] = await db
        .select({ status: jobs.status, result: jobs.result })
        .from(jobs)
        .where(and(eq(jobs.tenantId, tenantId), eq(jobs.kind, 'key-test'), eq(jobs.id, testId)))
      return row
    },
  }
}
export type CredentialRepository = ReturnType<typeof credentialRepository>

/** A stored value as it is sealed, of whichever tenant: for the gateway, which alone can open it. */
export interface StoredSeal {
  readonly id: string
  readonly tenantId: string
  readonly kind: 'exchange' | 'ai'
  readonly keyId: string
  readonly sealed: Uint8Array
}

/** At most `limit` values that are sealed for another key than this, in order of their ids, beginning after `after`. */
export async function sealsOfOtherKeys(
  db: Db,
  keyId: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<StoredSeal[]> {
  const { id, tenantId, kind, sealed } = credentials
  return await db
    .select({ id, tenantId, kind, keyId: credentials.keyId, sealed })
    .from(credentials)
    .where(and(ne(credentials.keyId, keyId), after === undefined ? undefined : gt(id, after)))
    .orderBy(asc(id))
    .limit(limit)
}

/**
 * Puts the same secret, sealed for another key, in place of what was read, whose very bytes are compared: an API that was not
 * restarted seals what its owner saves meanwhile for the old key, too. False: another one was saved, or it is gone.
 */
export async function putResealed(
  db: Db,
  { id, tenantId, sealed }: StoredSeal,
  fresh: Pick<StoredSeal, 'keyId' | 'sealed'>,
): Promise<boolean> {
  const asRead = and(eq(credentials.id, id), eq(credentials.tenantId, tenantId), eq(credentials.sealed, sealed))
  const rows = await db
    .update(credentials)
    .set({ keyId: fresh.keyId, sealed: fresh.sealed })
    .where(asRead)
    .returning({ id: credentials.id })
  return rows.length > 0
}

/** How many stored values need which key to be opened, of all tenants. */
export async function sealsByKey(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .select({ keyId: credentials.keyId, values: count() })
    .from(credentials)
    .groupBy(credentials.keyId)
  return new Map(rows.map(({ keyId, values }) => [keyId, values]))
}
