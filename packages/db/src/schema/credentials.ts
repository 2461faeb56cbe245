import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, exact, instant, isCurrencyCode, oneOf } from './columns.js'
import { bytes, users } from './users.js'

export const credentialKinds = ['exchange', 'ai'] as const
export const credentialStatuses = ['untested', 'ok', 'failed'] as const
/** Broker and AI keys, sealed with the public key; only the gateway can open them. Always select columns explicitly. */
export const credentials = pgTable(
  'credentials',
  {
    id: uuid().primaryKey().defaultRandom(),
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: text({ enum: credentialKinds }).notNull(),
    /** Broker or AI provider. */
    provider: text().notNull(),
    environment: text({ enum: ['testnet', 'live'] }),
    label: text(),
    /** Last four characters of the key's public part. */
    hint: text().notNull(),
    keyId: text().notNull(),
    sealed: bytes().notNull(),
    status: text({ enum: credentialStatuses }).notNull().default('untested'),
    lastTestAt: instant(),
    lastTestDetail: text(),
    lastConnectedAt: instant(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (t) => [
    index('credentials_tenant').on(t.tenantId),
    check('credentials_kind', oneOf(t.kind, credentialKinds)),
    check('credentials_status', oneOf(t.status, credentialStatuses)),
    check('credentials_environment', sql`${t.environment} is null or ${t.environment} in ('testnet', 'live')`),
  ],
)

/** What a broker account holds, as last known. `account` is "paper" or a credential id. */
export const brokerAccounts = pgTable(
  'broker_accounts',
  {
    id: uuid().primaryKey().defaultRandom(),
    tenantId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    account: text().notNull(),
    credentialId: uuid().references(() => credentials.id, { onDelete: 'cascade' }),
    currency: text().notNull(),
    startBalance: exact().notNull(),
    balance: exact().notNull(),
    updatedAt: createdAt(),
  },
  (t) => [
    uniqueIndex('broker_accounts_tenant_account').on(t.tenantId, t.account),
    check('broker_accounts_currency', isCurrencyCode(t.currency)),
    check('broker_accounts_account', sql`(${t.account} = 'paper') = (${t.credentialId} is null)`),
  ],
)
