import { AppError, type PlanSource } from '@sath/core'
import { and, eq, sql } from 'drizzle-orm'
import { type Actor, audit } from './audit-repository.js'
import { type BotListItem, countBots, listBots, type StatusWord } from './bot-status.js'
import { lockBot } from './bot-wishes.js'
import type { Db } from './client.js'
import { afterCursor, type Page, type PageRequest, type SortKey, toPage } from './cursor.js'
import { presenceLostAfterMs } from './presence.js'
import { bots, jobs, type Role, users } from './schema/index.js'
import { wishCustomerGone } from './stripe-event-repository.js'
import { tokenRepository } from './token-repository.js'

const order: readonly SortKey[] = [
  { column: users.createdAt, type: 'timestamptz' },
  { column: users.id, type: 'uuid' },
]

export type UserState = 'active' | 'inactive' | 'unverified' | 'deleting'
const states = {
  active: sql`users.is_active and users.email_verified_at is not null and users.deleting_at is null`,
  inactive: sql`not users.is_active`,
  unverified: sql`users.email_verified_at is null`,
  deleting: sql`users.deleting_at is not null`,
} as const

export interface AdminUser {
  readonly id: string
  readonly email: string
  readonly name: string | null
  readonly country: string | null
  readonly locale: string
  readonly role: Role
  readonly isActive: boolean
  readonly emailVerifiedAt: string | null
  readonly lastLoginAt: string | null
  readonly deletingAt: string | null
  readonly createdAt: string
  readonly plan: string
  readonly planSource: PlanSource
  readonly planUntil: string | null
}

type AdminCounts = Record<'users' | 'active' | 'newThisWeek' | 'tradesToday' | 'ordersUnknown' | 'crashesToday', number>

interface NodeProgram {
  readonly name: string
  readonly startedAt: string
  readonly seenAt: string
  readonly ready: boolean
  readonly facts: Record<string, unknown>
}

const iso = (column: string) => sql`to_char(${sql.raw(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const userColumns = sql`users.id, users.email, users.name, users.country, users.locale, users.role,
  users.is_active as "isActive", ${iso('users.email_verified_at')} as "emailVerifiedAt",
  ${iso('users.last_login_at')} as "lastLoginAt", ${iso('users.deleting_at')} as "deletingAt",
  ${iso('users.created_at')} as "createdAt",
  e.id as plan, e.source as "planSource", ${iso('e.until')} as "planUntil"`

/** What administrators see and change. Each change is one transaction with its audit row. */
export function adminRepository(db: Db) {
  return {
    /** `query` finds parts of address and name. */
    async listUsers(
      filter: {
        readonly query?: string | undefined
        readonly status?: UserState | undefined
        readonly plan?: string | undefined
      },
      page: PageRequest,
    ): Promise<Page<AdminUser>> {
      const pattern = filter.query === undefined ? undefined : `%${filter.query.replace(/[\\%_]/g, '\\$&')}%`
      const rows = await db.execute(sql`
        select ${userColumns} from users join effective_plans e on e.tenant_id = users.id
        where ${pattern === undefined ? sql`true` : sql`(users.email ilike ${pattern} or users.name ilike ${pattern})`}
          and ${filter.status === undefined ? sql`true` : states[filter.status]}
          and ${filter.plan === undefined ? sql`true` : sql`e.id = ${filter.plan}`}
          and ${afterCursor(order, page.cursor) ?? sql`true`}
        order by users.created_at desc, users.id desc limit ${page.limit + 1}`)
      return toPage(
        rows as unknown as AdminUser[],
        page.limit,
        (row) => [new Date(row.createdAt), row.id],
        (row) => row,
      )
    },
    async findUser(id: string): Promise<AdminUser | undefined> {
      const [row] = await db.execute(
        sql`select ${userColumns} from users join effective_plans e on e.tenant_id = users.id where users.id = ${id}`,
      )
      return row as AdminUser | undefined
    },
    async listBots(
      filter: { readonly status?: StatusWord | undefined },
      page: PageRequest,
    ): Promise<Page<BotListItem>> {
      const rows = await listBots(db, {
        status: filter.status,
        after: afterCursor(order, page.cursor),
        limit: page.limit + 1,
      })
      return toPage(
        rows,
        page.limit,
        (row) => [new Date(row.createdAt), row.tenantId],
        (row) => row,
      )
    },
    /**
     * Changes role or access. Taking access away ends every session and wants the bot stopped.
     *
     * @throws AppError forbidden when it would leave no active superadmin
     */
    updateUser(
      id: string,
      change: { readonly isActive?: boolean | undefined; readonly role?: Role | undefined },
      actor: Actor,
    ): Promise<void> {
      return db.transaction(async (tx) => {
        const bot = await lockBot(tx, id)
        const superadmins = await lockSuperadmins(tx)
        await tx
          .update(users)
          .set({
            ...(change.isActive === undefined ? {} : { isActive: change.isActive }),
            ...(change.role === undefined ? {} : { role: change.role }),
            updatedAt: sql`now()`,
          })
          .where(eq(users.id, id))
        if (superadmins.has(id)) await assertSuperadminLeft(tx)
        if (change.isActive === false) {
          await tokenRepository(tx).revokeAll(id)
          await wantStopped(tx, id, bot.desiredState)
        }
        await audit(tx, actor, 'admin.user.update', id, { ...change })
      })
    },
    /** Numbers for the front page of an administrator. */
    async stats() {
      const [row] = await db.execute<AdminCounts>(sql`
        select (select count(*) from users)::int as users,
          (select count(*) from users where is_active and email_verified_at is not null and deleting_at is null)::int as active,
          (select count(*) from users where created_at > now() - interval '7 days')::int as "newThisWeek",
          (select count(*) from trades where created_at > now() - interval '1 day')::int as "tradesToday",
          (select count(*) from orders where status = 'unknown')::int as "ordersUnknown",
          (select count(*) from bot_runs where phase = 'exited' and exit_cause not in ('clean', 'killed-by-us')
            and exited_at > now() - interval '1 day')::int as "crashesToday"`)
      const byPlan = await db.execute<{ plan: string; users: number }>(
        sql`select id as plan, count(*)::int as users from effective_plans group by 1 order by 1`,
      )
      return {
        ...(row as AdminCounts),
        usersByPlan: byPlan.map((entry) => ({ ...entry })),
        bots: await countBots(db),
      }
    },
    /** Where our programs and the bots are. */
    async nodes() {
      const rows = await db.execute<{
        node: string
        programs: NodeProgram[]
        bots: number
        memoryMiB: number
        cpu: number
      }>(sql`
        select node, coalesce(p.programs, '[]'::json) as programs, coalesce(r.bots, 0)::int as bots,
          coalesce(r.memory, 0)::int as "memoryMiB", coalesce(r.cpu, 0)::float8 as cpu
        from (select node, json_agg(json_build_object('name', name, 'startedAt', ${iso('started_at')}, 'seenAt', ${iso('seen_at')},
            'ready', ready_at is not null, 'facts', facts) order by name, started_at) as programs
          from programs where seen_at > now() - ${presenceLostAfterMs} * interval '1 millisecond' group by node) p
        full join (select node, count(*) as bots, sum(memory_mib) as memory, sum(cpu) as cpu from bot_runs
          where phase not in ('exited', 'aborted') group by node) r using (node)
        order by node`)
      return rows.map((row) => ({ ...row }))
    },
  }
}
export type AdminRepository = ReturnType<typeof adminRepository>

/**
 * Begins the erasure of a user: access ends at once, the bot is wanted stopped, and a job asks for the rest, which happens
 * once the stop is proven. Asking again changes nothing.
 *
 * @throws AppError forbidden when no active superadmin would be left
 */
export function beginErasure(db: Db, id: string, actor: Actor): Promise<void> {
  return db.transaction(async (tx) => {
    const bot = await lockBot(tx, id)
    const superadmins = await lockSuperadmins(tx)
    const begun = await tx
      .update(users)
      .set({ deletingAt: sql`now()`, updatedAt: sql`now()` })
      .where(and(eq(users.id, id), sql`${users.deletingAt} is null`))
      .returning({ id: users.id })
    if (begun.length === 0) return
    if (superadmins.has(id)) await assertSuperadminLeft(tx)
    await tokenRepository(tx).revokeAll(id)
    await wantStopped(tx, id, bot.desiredState)
    await tx.insert(jobs).values({ tenantId: id, kind: 'erase-user', input: {} })
    await wishCustomerGone(tx, id)
    await audit(tx, actor, 'user.erase', id)
  })
}

async function wantStopped(tx: Db, tenantId: string, desired: 'running' | 'stopped'): Promise<void> {
  if (desired === 'stopped') return
  await tx
    .update(bots)
    .set({ desiredState: 'stopped', generation: sql`${bots.generation} + 1` })
    .where(eq(bots.tenantId, tenantId))
}

/** Two who demote each other go one after the other. Before the change: after it they would wait for each other for ever. */
async function lockSuperadmins(tx: Db): Promise<ReadonlySet<string>> {
  const rows = await tx.execute<{ id: string }>(
    sql`select id from users where role = 'superadmin' order by id for update`,
  )
  return new Set(rows.map(({ id }) => id))
}

async function assertSuperadminLeft(tx: Db): Promise<void> {
  const left = await tx.$count(users, sql`role = 'superadmin' and is_active and deleting_at is null`)
  if (left === 0) throw new AppError('forbidden', 'At least one active superadmin must remain.')
}
