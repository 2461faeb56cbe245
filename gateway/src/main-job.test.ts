import { money } from '@sath/core'
import { sharedData, until } from '@sath/testkit'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { engineBot } from './testing/bots.js'
import { config, setup, strategy } from './testing/setup.js'

t.setTimeout(300_000)

t.test('a recorded market drives a bot to settled trades on two ladders', async (t) => {
  const path = sharedData('candles', 'BTCUSDT_M1_2024-12_binance.csv')
  if (!path) return t.pass('no recorded data here', { skip: 'no recorded data here' })
  const at = await setup(t)
  const { tenantId, runId } = await at.tenant(
    config({ capital: '1000.00', strategies: [strategy({ stake: '10.00', strategy: 'macd-cross' })] }),
  )
  await at.gateway(`replay:${path}?speed=10000`)
  const bot = engineBot(at.socketRoot, runId)
  t.teardown(() => bot.end())
  const rows = await until(
    'fifty trades',
    async () => {
      const all = await at.tradesOf(tenantId)
      return all.filter(({ status }) => status === 'win' || status === 'loss').length >= 50 && all
    },
    { timeoutMs: 60_000, everyMs: 100 },
  )
  const settled = rows.filter(({ status }) => ['win', 'loss', 'tie'].includes(status))
  t.ok(
    settled.some(({ level }) => level === 2),
    'a ladder was climbed',
  )
  t.ok(settled.some(({ direction, level }) => direction === 'put' && level > 0))
  t.ok(settled.some(({ direction, level }) => direction === 'call' && level > 0))
  for (const trade of settled) {
    t.equal(money.compare(trade.stake, ['10', '20', '40'][trade.level]!), 0, 'the stake of its level')
    t.equal(trade.openedAt?.getTime(), trade.signalTime.getTime() + 60_000, 'entered at the next open')
    t.equal(trade.closedAt?.getTime(), trade.signalTime.getTime() + 120_000, 'closed at its expiry')
  }
  t.equal((await at.runOf(runId)).phase, 'running')
  bot.end()
  const [row] = await at.db.execute<{ right: boolean }>(sql`
    select balance = start_balance + (select coalesce(sum(profit), 0) from trades) as right from broker_accounts`)
  t.ok(row?.right, 'the balance is what the trades made of it, at any moment')
})
