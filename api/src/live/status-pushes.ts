import type { Bus } from '@sath/bus'
import { type Database, listen } from '@sath/db'
import type { Logger } from 'pino'
import { errorFields } from '../http/error-fields.js'
import type { StatusReader } from '../views/bot-status-view.js'
import type { Hub } from './hub.js'

/** Changes that come together are told once. */
const gatherMs = 100

/**
 * Tells who watches a bot its fresh status, whenever a bell or a hint says that something has changed. Hints may be lost; the
 * stored status is always what is read.
 */
export function startStatusPushes(options: {
  readonly database: Database
  readonly bus: Bus
  readonly hub: Hub
  readonly readStatus: StatusReader
  readonly log: Logger
}): { push(tenantId: string): void; stop(): Promise<void> } {
  const { database, bus, hub, readStatus, log } = options
  const waiting = new Map<string, NodeJS.Timeout>()
  const reading = new Set<string>()
  const push = (tenantId: string) => {
    if (waiting.has(tenantId) || !hub.listens(tenantId, 'bot')) return
    waiting.set(
      tenantId,
      setTimeout(() => void tell(tenantId), gatherMs),
    )
  }
  /** One read of a bot at a time: of two at once the older might be told last. */
  async function tell(tenantId: string): Promise<void> {
    waiting.delete(tenantId)
    if (reading.has(tenantId)) return push(tenantId)
    reading.add(tenantId)
    try {
      hub.tell(tenantId, 'bot', await readStatus(tenantId))
    } catch (error) {
      log.warn({ err: errorFields(error), tenantId }, 'status not told')
    } finally {
      reading.delete(tenantId)
    }
  }
  const endHints = bus.subscribe('bot:', (_, topic) => push(topic.slice('bot:'.length)))
  const bells = Promise.allSettled(
    (['sath_bots', 'sath_runs'] as const).map((bell) => listen(database.sql, bell, push)),
  )
  return {
    push,
    async stop() {
      endHints()
      for (const timer of waiting.values()) clearTimeout(timer)
      waiting.clear()
      for (const bell of await bells) if (bell.status === 'fulfilled') await bell.value().catch(() => {})
    },
  }
}
