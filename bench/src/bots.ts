import { setTimeout as delay } from 'node:timers/promises'
import { type Database, listen } from '@sath/db'
import { until } from '@sath/testkit'
import { expectStatus } from '../../e2e/build/client.js'
import type { Subscriber } from './subscribers.js'

const minutes = 60_000

/** Starts and stops bots as their owners do, and knows when their rows say that it is so. */
export interface Bots {
  /** POST /bot/start for all at once. For each the ms from just before its request until its first heartbeat is in Postgres. */
  start(subscribers: readonly Subscriber[]): Promise<number[]>
  /** POST /bot/stop for all; settles when every run has ended, has its receipt, and nothing is left of it in Docker. */
  stop(subscribers: readonly Subscriber[]): Promise<void>
}

export async function openBots({ sql }: Database, containerCount: () => Promise<number>): Promise<Bots> {
  const waiting = new Map<string, () => void>()
  let looking = false
  let again = false

  /** A bell says that something changed; the row says whether it is the first heartbeat. Bells that come together make one query. */
  async function look(): Promise<void> {
    again = true
    if (looking) return
    looking = true
    while (again && waiting.size > 0) {
      again = false
      const rows = await sql<{ id: string }[]>`
        select tenant_id as id from bot_runs
        where tenant_id in ${sql([...waiting.keys()])} and running_at is not null and phase = 'running'`
      for (const { id } of rows) waiting.get(id)?.()
    }
    looking = false
  }
  await listen(sql, 'sath_runs', (id) => waiting.has(id) && void look())

  async function start(subscriber: Subscriber): Promise<number> {
    const began = performance.now()
    const seen = new Promise<number>((resolve) => {
      waiting.set(subscriber.id, () => {
        waiting.delete(subscriber.id)
        resolve(performance.now() - began)
      })
    })
    await expectStatus(202, subscriber.call('POST', '/bot/start'))
    return await seen
  }

  return {
    async start(subscribers) {
      const all = Promise.all(subscribers.map(start))
      const late = delay(2 * minutes, 'late' as const, { ref: false })
      const took = await Promise.race([all, late])
      if (took !== 'late') return took
      const rows = await sql`
        select b.tenant_id, b.desired_state, b.hold, b.conditions, r.phase, r.exit_cause from bots b
        left join bot_runs r on r.tenant_id = b.tenant_id and r.epoch = b.epoch where b.tenant_id in ${sql([...waiting.keys()])}`
      throw new Error(`No first heartbeat in ${2 * minutes} ms: ${JSON.stringify(rows)}`)
    },
    async stop(subscribers) {
      const before = await containerCount()
      await Promise.all(subscribers.map((one) => expectStatus(202, one.call('POST', '/bot/stop'))))
      await until(
        `the end of ${subscribers.length} bots`,
        async () => {
          const [row] = await sql`
            select count(*)::int as open from bot_runs where tenant_id in ${sql(subscribers.map(({ id }) => id))}
            and phase <> 'aborted' and settled_at is null`
          return row?.open === 0 && (await containerCount()) === before - subscribers.length
        },
        { timeoutMs: 3 * minutes, everyMs: 100 },
      )
    },
  }
}
