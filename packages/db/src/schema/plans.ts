import { sql } from 'drizzle-orm'
import { boolean, check, doublePrecision, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, exact, isCurrencyCode } from './columns.js'

/** What can be subscribed to. In limits, null is unlimited. */
export const plans = pgTable(
  'plans',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    /** Order on the price page, cheapest first. */
    rank: integer().notNull(),
    priceMonth: exact().notNull(),
    priceYear: exact().notNull(),
    currency: text().notNull().default('USD'),
    /** Days that a first subscription is free; 0: none. */
    trialDays: integer().notNull().default(0),
    maxStrategies: integer(),
    maxSymbols: integer(),
    maxTradesPerDay: integer(),
    maxCapitalPerTrade: exact(),
    maxCapital: exact(),
    modes: text().array().notNull(),
    multiTimeframe: boolean().notNull(),
    backtesting: boolean().notNull(),
    historyDays: integer(),
    aiEnsemble: boolean().notNull(),
    apiAccess: boolean().notNull(),
    logRetentionDays: integer().notNull(),
    support: text().notNull(),
    memoryMiB: integer('memory_mib').notNull(),
    /** 1 = one core. */
    cpu: doublePrecision().notNull(),
    updatedAt: createdAt(),
  },
  (t) => [
    check('plans_prices', sql`${t.priceMonth} >= 0 and ${t.priceYear} >= 0`),
    check('plans_trial', sql`${t.trialDays} between 0 and 730`),
    check('plans_currency', isCurrencyCode(t.currency)),
    check(
      'plans_limits',
      sql`coalesce(${t.maxStrategies}, 1) >= 0 and coalesce(${t.maxSymbols}, 1) >= 0 and coalesce(${t.maxTradesPerDay}, 1) >= 0 and coalesce(${t.maxCapitalPerTrade}, 1) >= 0 and coalesce(${t.maxCapital}, 1) >= 0`,
    ),
    check('plans_resources', sql`${t.memoryMiB} >= 64 and ${t.cpu} > 0 and ${t.logRetentionDays} > 0`),
    check('plans_modes', sql`${t.modes} <@ array['paper', 'live'] and cardinality(${t.modes}) > 0`),
  ],
)
