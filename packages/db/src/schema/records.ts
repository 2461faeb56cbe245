import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, instant, oneOf } from './columns.js'
import { users } from './users.js'

/** Who did what to whom. Append-only, partitioned by day. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity(),
    time: createdAt(),
    /** Null: nobody was signed in, or Sath itself. */
    actorId: uuid(),
    action: text().notNull(),
    /** What it was done to, for example a user id. */
    target: text(),
    address: text(),
    agent: text(),
    fields: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [
    primaryKey({ columns: [t.time, t.id] }),
    index('audit_log_actor').on(t.actorId, t.time),
    index('audit_log_action').on(t.action, t.time),
  ],
)

/** Mails to send, and in the embedded default the mails themselves. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid().primaryKey().defaultRandom(),
    toAddress: text().notNull(),
    subject: text().notNull(),
    text: text().notNull(),
    html: text(),
    links: jsonb().$type<readonly string[]>().notNull().default([]),
    token: text(),
    /** Anybody who types in the address can have it sent: such mails to one address are counted. */
    askedFor: boolean().notNull().default(false),
    attempts: integer().notNull().default(0),
    nextAttemptAt: instant().notNull().defaultNow(),
    /** When it was handed to the mail server, or to the outbox page. */
    sentAt: instant(),
    createdAt: createdAt(),
  },
  (t) => [
    index('outbox_unsent').on(t.nextAttemptAt).where(sql`${t.sentAt} is null`),
    index('outbox_to').on(t.toAddress, t.createdAt),
  ],
)

export const jobKinds = ['key-test', 'erase-user', 'backtest', 'simulation'] as const
export const jobStatuses = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
/** Work asked of another program. A claim is owner, token and until; a write of the claimant says `where claim_token = …`. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid().primaryKey().defaultRandom(),
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: text({ enum: jobKinds }).notNull(),
    status: text({ enum: jobStatuses }).notNull().default('queued'),
    /** 0…1 */
    progress: doublePrecision().notNull().default(0),
    input: json().$type<Record<string, unknown>>().notNull(),
    result: json().$type<Record<string, unknown>>(),
    claimOwner: text(),
    claimToken: uuid(),
    claimUntil: instant(),
    /** How often it was begun and neither ended nor handed back. */
    attempts: integer().notNull().default(0),
    createdAt: createdAt(),
    finishedAt: instant(),
  },
  (t) => [
    index('jobs_tenant').on(t.tenantId, t.kind, t.createdAt),
    index('jobs_open').on(t.kind, t.createdAt).where(sql`${t.status} in ('queued', 'running')`),
    check('jobs_kind', oneOf(t.kind, jobKinds)),
    check('jobs_status', oneOf(t.status, jobStatuses)),
    check('jobs_progress', sql`${t.progress} between 0 and 1`),
  ],
)

/** Answers to requests that carried an Idempotency-Key: the same key gives the same answer and one effect. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    route: text().notNull(),
    key: text().notNull(),
    /** SHA-256 of the body: the same key with another body is refused. */
    bodyHash: text().notNull(),
    /** Null while the first request is still at work. */
    status: integer(),
    response: json().$type<unknown>(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.route, t.key] }), index('idempotency_keys_created').on(t.createdAt)],
)

/** Programs of ours that are alive, with what readiness needs to know. */
export const programs = pgTable(
  'programs',
  {
    instanceId: uuid().primaryKey(),
    name: text().notNull(),
    node: text().notNull(),
    startedAt: createdAt(),
    /** When it began to serve; null until then. */
    readyAt: instant(),
    seenAt: createdAt(),
    facts: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index('programs_name').on(t.name, t.seenAt)],
)

/** One row: this installation. Its id labels our containers, so others on the same Docker stay invisible to us. */
export const installation = pgTable(
  'installation',
  { one: boolean().primaryKey().default(true), id: uuid().notNull().defaultRandom(), createdAt: createdAt() },
  (t) => [check('installation_one', sql`${t.one}`)],
)
