import { mkdtempSync, rmSync } from 'node:fs'
import { botRuns, candles, openDatabase } from '@sath/db'
import { until, walk } from '@sath/testkit'
import { and, eq, sql } from 'drizzle-orm'
import t from 'tap'
import { engineBot } from './testing/bots.js'
import { config, recording, setup, start, strategy } from './testing/setup.js'

t.setTimeout(300_000)

t.test(
  'of two gateways one leads; when it goes the other goes on, without a gap and without a second candle',
  async (t) => {
    const at = await setup(t)
    const minutes = 900
    const feed = recording(t, { BTCUSDT: walk(minutes, { start }) }, 150)
    const here = await at.tenant()
    const there = await at.tenant(config({ strategies: [strategy({ params: { fast: 3, slow: 8 } })] }))
    await at.db.update(botRuns).set({ node: 'other' }).where(eq(botRuns.id, there.runId))
    const otherRoot = mkdtempSync('/tmp/sath-gw-')
    t.teardown(() => rmSync(otherRoot, { recursive: true, force: true }))
    const otherDatabase = openDatabase(at.url)
    t.teardown(() => otherDatabase.close())

    const first = await at.gateway(feed)
    const near = engineBot(at.socketRoot, here.runId)
    t.teardown(() => near.end())
    await until('the first to lead', () => near.seen.length > 5)
    await at.gateway(feed, { node: 'other', socketRoot: otherRoot, database: otherDatabase })
    const far = engineBot(otherRoot, there.runId)
    t.teardown(() => far.end())
    await until('the bot of the other node to follow', () => far.seen.length > 20)
    near.end()
    await first.close()
    const stored = async () => {
      const [row] = await at.db
        .select({ n: sql<number>`count(*)::int`, last: sql<string>`max(time)` })
        .from(candles)
        .where(and(eq(candles.timeframe, 'M1'), eq(candles.source, 'replay')))
      return row!
    }
    const atHandover = (await stored()).n
    await until('the second to lead', async () => (await stored()).n > atHandover + 50)
    const { n, last } = await stored()
    t.equal(n, (new Date(last).getTime() - start) / 60_000 + 1, 'every minute once')
    const count = far.seen.length
    await until('its bot to go on', () => far.seen.length > count + 20)
    const times = far.seen.map((text) => Number(text.split(' ')[0]))
    t.same(
      times,
      times.map((_, index) => times[0]! + index * 60_000),
      'its bot missed nothing',
    )
  },
)
