import { type Timeframe, timeframes } from '@sath/core'
import { sql } from 'drizzle-orm'
import { check, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, oneOf } from './columns.js'
import { users } from './users.js'

/** Settings of a strategy that a subscriber saved under a name. */
export const presets = pgTable(
  'presets',
  {
    id: uuid().primaryKey().defaultRandom(),
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    summary: text().notNull().default(''),
    strategy: text().notNull(),
    params: jsonb().$type<Readonly<Record<string, number | string | boolean>>>().notNull(),
    timeframe: text().$type<Timeframe>().notNull(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (t) => [
    uniqueIndex('presets_name').on(t.tenantId, sql`lower(${t.name})`),
    index('presets_tenant').on(t.tenantId, t.createdAt),
    check('presets_timeframe', oneOf(t.timeframe, timeframes)),
  ],
)
