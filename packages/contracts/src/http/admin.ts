import { grantSources } from '@sath/core'
import { z } from 'zod'
import { PositiveDecimal } from '../bot-config.js'
import { Email, Role } from './accounts.js'
import { BotStatus, statusWords } from './bot.js'
import { Amount, Id, listOf, pageQuery, QueryTime, Time } from './common.js'

export const PlanId = z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be a plan such as pro')

export const planSources = ['default', ...grantSources] as const

export const AdminUsersQuery = z.strictObject({
  ...pageQuery,
  query: z.string().trim().min(1).max(100).optional(),
  status: z.enum(['active', 'inactive', 'unverified', 'deleting']).optional(),
  plan: PlanId.optional(),
})
export const AdminUser = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string().nullable(),
    country: z.string().nullable(),
    locale: z.string(),
    role: Role,
    isActive: z.boolean(),
    emailVerifiedAt: Time.nullable(),
    lastLoginAt: Time.nullable(),
    deletingAt: Time.nullable(),
    createdAt: Time,
    plan: z.string(),
    planSource: z.enum(planSources),
    /** Null: without end. */
    planUntil: Time.nullable(),
  })
  .meta({ id: 'AdminUser' })
/** The address counts as verified. */
export const AdminCreateUserBody = z.strictObject({
  email: Email,
  password: z.string().min(1).max(200),
  name: z.string().trim().min(1).max(100).optional(),
  role: Role.optional(),
})
export const AdminUpdateUserBody = z
  .strictObject({
    plan: PlanId.optional(),
    planDays: z.int().min(1).max(3660).optional(),
    isActive: z.boolean().optional(),
    role: Role.optional(),
  })
  .refine((body) => Object.values(body).some((value) => value !== undefined), 'must change something')

export const AdminBotsQuery = z.strictObject({ ...pageQuery, status: z.enum(statusWords).optional() })
export const AdminBot = BotStatus.extend({ id: Id, email: z.string() }).meta({ id: 'AdminBot' })
export const AdminStopBody = z.strictObject({
  mode: z.enum(['graceful', 'force']),
  reason: z.string().trim().min(1).max(500),
  hold: z.boolean(),
})

export const AdminStats = z.object({
  users: z.int(),
  active: z.int(),
  newThisWeek: z.int(),
  usersByPlan: z.array(z.object({ plan: z.string(), users: z.int() })),
  bots: z.record(z.enum(statusWords), z.int()),
  tradesToday: z.int(),
  ordersUnknown: z.int(),
  crashesToday: z.int(),
})

export const AuditQuery = z.strictObject({
  ...pageQuery,
  actor: Id.optional(),
  action: z.string().min(1).max(100).optional(),
  from: QueryTime.optional(),
})
export const AuditEntry = z.object({
  id: z.int(),
  time: Time,
  /** User id; null: nobody was signed in, or Sath itself. */
  actor: Id.nullable(),
  action: z.string(),
  target: z.string().nullable(),
  address: z.string().nullable(),
  agent: z.string().nullable(),
  fields: z.record(z.string(), z.unknown()),
})

export const AdminNodes = listOf(
  z.object({
    node: z.string(),
    bots: z.int(),
    memoryMiB: z.int(),
    cpu: z.number(),
    programs: z.array(
      z.object({
        name: z.string(),
        startedAt: Time,
        seenAt: Time,
        ready: z.boolean(),
        facts: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
)

const Limit = z.int().min(0).max(1_000_000).nullable()
const limits = {
  maxStrategies: Limit,
  maxSymbols: Limit,
  maxTradesPerDay: Limit,
  maxCapitalPerTrade: PositiveDecimal.nullable(),
  maxCapital: PositiveDecimal.nullable(),
  modes: z
    .array(z.enum(['paper', 'live']))
    .min(1)
    .max(2),
  multiTimeframe: z.boolean(),
  backtesting: z.boolean(),
  historyDays: Limit,
  aiEnsemble: z.boolean(),
  apiAccess: z.boolean(),
  logRetentionDays: z.int().min(1).max(3650),
  support: z.string().trim().min(1).max(40),
  memoryMiB: z.int().min(64).max(65_536),
  cpu: z.number().positive().max(64),
}
export const Plan = z
  .object({
    id: z.string(),
    name: z.string(),
    priceMonth: Amount,
    priceYear: Amount,
    currency: z.string(),
    /** Days that a first subscription is free. */
    trialDays: z.int(),
    ...limits,
    maxCapitalPerTrade: Amount.nullable(),
    maxCapital: Amount.nullable(),
  })
  .meta({ id: 'Plan' })
export const Plans = listOf(Plan)

const Price = z.string().regex(/^(0|[1-9]\d{0,8})(\.\d{1,2})?$/, 'must be a price such as "29" or "29.50"')
export const EditPlanBody = z
  .strictObject({
    id: PlanId,
    name: z.string().trim().min(1).max(40).optional(),
    priceMonth: Price.optional(),
    priceYear: Price.optional(),
    trialDays: z.int().min(0).max(730).optional(),
    ...z.strictObject(limits).partial().shape,
  })
  .refine((body) => Object.keys(body).length > 1, 'must change something')
