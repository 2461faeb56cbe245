import { pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt } from './columns.js'
import { users } from './users.js'

/** What a tenant was mailed about, so that each fact is told once; gone with the tenant. */
export const mailedFacts = pgTable(
  'mailed_facts',
  {
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The kind of mail and what names the fact for ever, for example "invoice/<invoice id>". */
    fact: text().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.fact] })],
)
