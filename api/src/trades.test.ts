import { randomUUID } from 'node:crypto'
import { brokerAccounts, trades } from '@sath/db'
import t from 'tap'
import { verdict } from './app.fixture.js'
import { at, historySetup, type Page } from './history.fixture.js'

const app = await historySetup(t)
const { db, get, all } = app

const trade = (tenantId: string, n: number, over: Partial<typeof trades.$inferInsert> = {}) => ({
  tenantId,
  strategyId: randomUUID(),
  symbol: 'BTCUSDT',
  source: 'replay',
  account: 'paper',
  instrument: 'binary' as const,
  direction: 'call' as const,
  stake: '1',
  currency: 'USD',
  payout: '0.85',
  signalTime: at(n),
  marketDay: '2024-12-02',
  // Many of one moment: the cursor must not lose any of them.
  createdAt: at(Math.floor(n / 5)),
  ...over,
})
const closed = (profit: string, n: number) => ({
  status: profit === '0' ? ('tie' as const) : profit.startsWith('-') ? ('loss' as const) : ('win' as const),
  profit,
  entryPrice: '100',
  exitPrice: '101',
  closedAt: at(n),
})

t.test('trades come newest first, each once, filtered, and nobody else’s', async (t) => {
  const [user, other] = [await app.user(), await app.user()]
  await db
    .insert(trades)
    .values(Array.from({ length: 23 }, (_, n) => trade(user.id, n, n % 2 ? closed('0.85', n) : {})))
  await db.insert(trades).values(trade(other.id, 1, { symbol: 'ETHUSDT' }))
  const items = await all(user, '/trades?limit=4')
  t.equal(new Set(items.map(({ id }) => id)).size, 23)
  const times = items.map(({ createdAt }) => String(createdAt))
  t.same(times, [...times].sort().reverse())
  t.match(
    items.find(({ status }) => status === 'win'),
    { stake: '1', profit: '0.85', payout: '0.85', currency: 'USD', entryPrice: '100' },
  )
  t.equal((await all(user, '/trades?status=win')).length, 11)
  t.equal((await all(user, `/trades?from=${at(5).toISOString()}&to=${at(9).getTime()}`)).length, 5)
  t.equal((await all(user, '/positions')).length, 12)
  t.equal((await all(user, '/trades?symbol=ETHUSDT')).length, 0)
  t.equal((await all(other, '/trades')).length, 1)
  const { nextCursor } = (await get(user, '/trades?limit=1')).json<Page>()
  t.equal(
    (await get(other, `/trades?cursor=${nextCursor}`)).json<Page>().items.every(({ symbol }) => symbol === 'ETHUSDT'),
    true,
    'a cursor opens nothing',
  )
  for (const bad of [
    'limit=0',
    'limit=101',
    'limit=x',
    'cursor=x',
    'cursor=W10',
    'from=yesterday',
    'from=0000-01-01T00:00:00Z',
    'status=none',
    'strategyId=1',
    'extra=1',
    'limit=1&limit=2',
  ])
    t.equal(verdict(await get(user, `/trades?${bad}`)), '400 invalid-request', bad)
})

t.test('performance is computed from what was closed', async (t) => {
  const user = await app.user()
  t.match((await get(user, '/performance')).json(), { trades: 0, profit: '0', winRate: null, sharpe: null, from: null })
  await db
    .insert(brokerAccounts)
    .values({ tenantId: user.id, account: 'paper', currency: 'USD', startBalance: '100', balance: '100' })
  const profits = ['0.85', '0.85', '-1', '-1', '-1', '0', '0.85', '-1']
  await db.insert(trades).values(profits.map((profit, n) => trade(user.id, n, closed(profit, n))))
  await db
    .insert(trades)
    .values([trade(user.id, 90), trade(user.id, 91, { ...closed('5', 91), account: randomUUID() })])
  t.match((await get(user, '/performance')).json(), {
    account: 'paper',
    currency: 'USD',
    trades: 8,
    wins: 3,
    losses: 4,
    ties: 1,
    staked: '8',
    profit: '-1.45',
    grossProfit: '2.55',
    grossLoss: '4',
    winRate: 3 / 7,
    profitFactor: 2.55 / 4,
    // Highest 101.70 after the second, lowest 98.55 at the end.
    maxDrawdown: '3.15',
    maxDrawdownRate: 3.15 / 101.7,
    longestWinStreak: 2,
    longestLossStreak: 3,
    currentStreak: -1,
  })
  const mean = -1.45 / 8
  const deviation = Math.sqrt(profits.reduce((sum, profit) => sum + (Number(profit) - mean) ** 2, 0) / 7)
  t.ok(Math.abs((await get(user, '/performance')).json<{ sharpe: number }>().sharpe - mean / deviation) < 1e-9)
  await db.insert(trades).values(trade(user.id, 1, closed('0.85', 3 * 1440)))
  t.match((await get(user, '/performance?period=day')).json(), { trades: 1, profit: '0.85' }, 'of market time')
  t.match((await get(user, '/performance?period=week')).json(), { trades: 9 })
})
