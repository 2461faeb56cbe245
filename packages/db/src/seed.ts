import { sql } from 'drizzle-orm'
import type { Db } from './client.js'
import { plans } from './schema/index.js'

const paper = ['paper']
const both = ['paper', 'live']

const seeds: readonly (typeof plans.$inferInsert)[] = [
  {
    id: 'free',
    name: 'Free',
    rank: 0,
    priceMonth: '0',
    priceYear: '0',
    maxStrategies: 1,
    maxSymbols: 1,
    maxTradesPerDay: 10,
    maxCapitalPerTrade: '5',
    maxCapital: '100',
    modes: paper,
    multiTimeframe: false,
    backtesting: true,
    historyDays: 7,
    aiEnsemble: false,
    apiAccess: false,
    logRetentionDays: 7,
    support: 'community',
    memoryMiB: 128,
    cpu: 0.25,
  },
  {
    id: 'basic',
    name: 'Basic',
    rank: 1,
    priceMonth: '29',
    priceYear: '290',
    maxStrategies: 3,
    maxSymbols: 5,
    maxTradesPerDay: 50,
    maxCapitalPerTrade: '20',
    maxCapital: '10000',
    modes: both,
    multiTimeframe: true,
    backtesting: true,
    historyDays: 30,
    aiEnsemble: false,
    apiAccess: false,
    logRetentionDays: 30,
    support: 'email',
    memoryMiB: 128,
    cpu: 0.25,
  },
  {
    id: 'pro',
    name: 'Pro',
    rank: 2,
    priceMonth: '99',
    priceYear: '990',
    maxStrategies: 10,
    maxSymbols: 20,
    maxTradesPerDay: 200,
    maxCapitalPerTrade: '100',
    maxCapital: '100000',
    modes: both,
    multiTimeframe: true,
    backtesting: true,
    historyDays: 365,
    aiEnsemble: true,
    apiAccess: false,
    logRetentionDays: 90,
    support: 'email',
    memoryMiB: 256,
    cpu: 0.5,
  },
  {
    id: 'enterprise',
    name: 'Enterprise',
    rank: 3,
    priceMonth: '299',
    priceYear: '2990',
    maxStrategies: null,
    maxSymbols: null,
    maxTradesPerDay: null,
    maxCapitalPerTrade: null,
    maxCapital: null,
    modes: both,
    multiTimeframe: true,
    backtesting: true,
    historyDays: null,
    aiEnsemble: true,
    apiAccess: true,
    logRetentionDays: 365,
    support: 'priority',
    memoryMiB: 512,
    cpu: 1,
  },
]

/** Puts the plans in once; an admin's later edits stay. */
export async function seedPlans(db: Db): Promise<void> {
  await db
    .insert(plans)
    .values([...seeds])
    .onConflictDoNothing()
}

/** This installation's id: the label of all our containers. */
export async function installationId(db: Db): Promise<string> {
  const [row] = await db.execute<{ id: string }>(sql`select id from installation`)
  if (!row) throw new Error('the database has no installation row; was it migrated?')
  return row.id
}
