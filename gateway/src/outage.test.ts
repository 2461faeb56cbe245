import { setTimeout as delay } from 'node:timers/promises'
import { openDatabase, orders } from '@sath/db'
import { tcpProxy, until, walk } from '@sath/testkit'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { scriptedBot } from './testing/bots.js'
import { config, recording, setup, start, strategy } from './testing/setup.js'

const id = '5f0c7f3e-6f3b-4b51-9d0a-0a4d2f6f1c01'
const wish = () => config({ capital: '1000.00', strategies: [strategy({ id })] })

t.setTimeout(300_000)

t.test(
  'without Postgres nothing is sent and the market waits; with it everything goes on as if nothing had been',
  async (t) => {
    const minutes = 90
    const feed = recording(t, { BTCUSDT: walk(minutes, { start, seed: 3 }) }, 200)

    async function play(disturbed: boolean) {
      const at = await setup(t)
      const { tenantId, runId } = await at.tenant(wish())
      const target = new URL(at.url)
      const line = await tcpProxy(t, { host: target.hostname, port: Number(target.port) })
      const through = new URL(at.url)
      through.port = String(line.port)
      const database = openDatabase(through.href, { name: 'through' })
      const gateway = await at.gateway(feed, { database })
      const bot = scriptedBot(at.socketRoot, runId, () => ({ direction: 'call', stake: '1.00' }))
      t.teardown(() => bot.end())
      if (disturbed) {
        for (const fault of ['cut', 'cut', 'cut'] as const) {
          const before = bot.heard.length
          await until('the market to move', () => bot.heard.length > before + 30)
          line[fault]()
          const rows = async () => (await at.db.select({ id: orders.id }).from(orders)).length
          // What was on its way when the line was cut may still arrive.
          await until('every connection to be gone', async () => {
            const [row] = await at.db.execute<{ n: number }>(
              sql`select count(*)::int as n from pg_stat_activity where application_name = 'through' and datname = current_database()`,
            )
            return row?.n === 0
          })
          const count = await rows()
          const seen = bot.heard.length
          await delay(300)
          t.equal(await rows(), count, 'no order without its row')
          t.ok(bot.heard.length <= seen + 3, 'the market stands still')
          line.heal()
        }
      }
      await until(
        'the last candle',
        async () =>
          (await at.decisionsOf(tenantId)).some((text) => text.includes(` ${start + (minutes - 1) * 60_000} `)),
        { timeoutMs: 120_000, everyMs: 50 },
      )
      await until('nothing to be open', async () => (await at.tradesOf(tenantId)).every(({ closedAt }) => closedAt))
      const trades = (await at.tradesOf(tenantId)).map((row) => [row.signalTime, row.level, row.status, row.profit])
      const decisions = await at.decisionsOf(tenantId)
      bot.end()
      await gateway.close()
      await database.close()
      t.equal(trades.length, minutes, 'what was decided in time counts, however late it was stored')
      return { trades, decisions }
    }

    const calm = await play(false)
    t.same(await play(true), calm)
  },
)
