import { money } from '@sath/core'
import { eq, inArray, sql } from 'drizzle-orm'
import fc from 'fast-check'
import t from 'tap'
import type { Db } from './client.js'
import { commitEntries } from './entry-batch.js'
import { entryStandings } from './entry-facts.js'
import type { EntryResult, EntryWish } from './entry-repository.js'
import { trades } from './schema/index.js'
import { day, type EnteringBot, enteringBot, ways } from './testing/entering.js'
import { openTestDatabase } from './testing.js'
import { ensurePaperAccount, recordTradeEvents, type TradeEvent } from './trade-repository.js'

const span = { from: day, to: day + 86_400_000 }

/** An entry that the venue has taken. */
async function opened(db: Db, bot: EnteringBot, symbol: string, changes: Partial<EntryWish> = {}) {
  const entry = bot.entry(symbol, changes)
  const [result] = await commitEntries(db, [entry])
  await db.update(trades).set({ status: 'open', entryPrice: '1' }).where(eq(trades.id, entry.wish.tradeId))
  return { result, tradeId: entry.wish.tradeId }
}

function close(tradeId: string, profit: string): TradeEvent {
  const status = profit.startsWith('-') ? 'loss' : profit === '0' ? 'tie' : 'win'
  return { kind: 'closed', tradeId, status, exitPrice: '1', profit, reason: 'expired', closedAt: day + 120_000 }
}

async function profitOf(db: Db, { tenantId }: EnteringBot) {
  const question = { tenantId, run: null, signalTime: day, days: { signal: span, entry: span } }
  const [standing] = await entryStandings(db, [question])
  return standing?.facts.profit ?? ''
}

t.test('what all trades came to is the sum of them, however often each is told', async (t) => {
  const { db } = await openTestDatabase(t)
  const results = fc.array(
    fc.record({
      profit: fc.oneof(
        fc.integer({ min: -500, max: 500 }).map((cents) => money.divide(`${cents}`, '100', 2)),
        fc.constant('cancelled'),
      ),
      told: fc.integer({ min: 0, max: 3 }),
      together: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  await fc.assert(
    fc.asyncProperty(results, async (steps) => {
      const bot = await enteringBot(db)
      t.equal(await profitOf(db, bot), '0', 'there is no account yet')
      await ensurePaperAccount(db, bot.tenantId, bot.config.capital, 'USD')
      const batch: TradeEvent[] = []
      for (const [n, { profit, told, together }] of steps.entries()) {
        const { tradeId } = await opened(db, bot, `S${n}`)
        const cancelled = { kind: 'closed', tradeId, status: 'cancelled', exitPrice: null, profit: '0' } as const
        const event: TradeEvent =
          profit === 'cancelled' ? { ...cancelled, reason: 'no-price', closedAt: day } : close(tradeId, profit)
        if (together && told > 0) batch.push(event)
        else for (let time = 0; time < told; time++) await db.transaction((tx) => recordTradeEvents(tx, [event]))
      }
      await db.transaction((tx) => recordTradeEvents(tx, batch))
      const [{ sum = '' } = {}] = await db
        .select({ sum: sql<string>`coalesce(sum(${trades.profit}), 0)::text` })
        .from(trades)
        .where(eq(trades.tenantId, bot.tenantId))
      t.equal(money.compare(await profitOf(db, bot), sum), 0, `${await profitOf(db, bot)} and ${sum}`)
    }),
    { numRuns: 15 },
  )
})

for (const [name, enter] of Object.entries(ways)) {
  t.test(`no more is staked than the capital and what came of it: ${name}`, async (t) => {
    const { db } = await openTestDatabase(t)
    const [bot, other] = await Promise.all([enteringBot(db), enteringBot(db)])
    const config = { ...bot.config, capital: '100.00' }
    for (const { tenantId } of [bot, other]) await ensurePaperAccount(db, tenantId, '100.00', 'USD')
    const { tradeId } = await opened(db, bot, 'S0', { config, stake: '60' })
    await db.transaction((tx) => recordTradeEvents(tx, [close(tradeId, '-60')]))
    await opened(db, bot, 'S1', { config, stake: '28' })
    const wishes = [
      bot.entry('S2', { config, stake: '12.01' }),
      bot.entry('S3', { config, stake: '7' }),
      bot.entry('S4', { config, stake: '5' }),
      bot.entry('S5', { config, stake: '0.01' }),
      other.entry('S2', { config: { ...other.config, capital: '100.00' }, stake: '100' }),
    ]
    const results: EntryResult[] = []
    for (const wish of wishes) results.push(...(await enter(db, [wish])))
    t.match(results, [
      { outcome: 'exposure', reason: 'only 12.00 of the capital of 100.00 is left' },
      { kind: 'entered' },
      { kind: 'entered' },
      { outcome: 'exposure', reason: 'only 0.00 of the capital of 100.00 is left' },
      { kind: 'entered' },
    ])
    const refused = wishes.flatMap(({ wish }, at) => (results[at]?.kind === 'refused' ? wish.tradeId : []))
    t.equal(await db.$count(trades, inArray(trades.id, refused)), 0)
  })
}

t.test('of a group of entries of one bot, the later ones see the stakes of those before them', async (t) => {
  const { db } = await openTestDatabase(t)
  const bot = await enteringBot(db)
  const config = { ...bot.config, capital: '10.00' }
  const results = await commitEntries(
    db,
    ['S0', 'S1', 'S2'].map((symbol) => bot.entry(symbol, { config, stake: '4' })),
  )
  t.match(results, [{ kind: 'entered' }, { kind: 'entered' }, { reason: 'only 2.00 of the capital of 10.00 is left' }])
})
