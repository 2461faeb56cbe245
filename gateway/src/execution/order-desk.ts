import { setTimeout as delay } from 'node:timers/promises'
import type { Broker, BrokerAccount, OrderOutcome } from '@sath/brokers'
import type { OrderAndTrade, OrderAnswer, TradeRow } from '@sath/db'
import type { Logger } from 'pino'
import type { Wake } from '../wake.js'
import type { AnswerWriter } from './answer-writer.js'
import { type PlacedOrder, placedFromRows } from './placed-order.js'

/** Orders of one tenant that may wait for its broker. */
const longestQueue = 100
const askAgainAfterMs = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000]

export interface OrderDeskDeps {
  readonly log: Logger
  readonly signal: AbortSignal
  /** Whose prices the paper venue here goes by; what was decided on another source's is not placed any more. */
  readonly source: string
  /** Every call ends within `brokerTimeoutMs`. */
  readonly broker: Broker
  readonly brokerTimeoutMs: number
  readonly recordAnswer: AnswerWriter
  /** Rung when something was placed. */
  readonly wake: Wake
  /** Whether an entry decided at this market time would still be at its moment. */
  readonly isEntryOpen: (decidedAt: number) => boolean
  /** Puts an accepted trade under watch. */
  readonly adopt: (placed: PlacedOrder, row: TradeRow) => Promise<void>
  readonly onTrade: (row: TradeRow) => void
  /** From sent to answered, ms. */
  readonly onLatency: (tenantId: string, ms: number) => void
}

/** Sends orders that are written, a queue for each tenant, so that a slow broker delays nobody else. */
export interface OrderDesk {
  /** `sendBy`, monotonic ms: not a moment later. */
  send(placed: PlacedOrder, sendBy: number): void
  /** Finds out what became of orders that were written before our time, or whose answer is missing. */
  recover(rows: readonly OrderAndTrade[]): void
  /** Tenants with an order that is being placed. */
  readonly placing: ReadonlySet<string>
  /** Resolves when nothing of this tenant is under way here any more, or after `ms`. */
  quiet(tenantId: string, ms: number): Promise<void>
}

export function brokerAccount(tenantId: string, account: string): BrokerAccount {
  return { id: account === 'paper' ? `paper:${tenantId}` : account }
}

export function createOrderDesk(deps: OrderDeskDeps): OrderDesk {
  const { log, signal, broker, brokerTimeoutMs, wake } = deps
  const queues = new Map<string, { tail: Promise<void>; waiting: number }>()
  /** Orders somebody in here takes care of. */
  const known = new Map<string, string>()
  const placing = new Set<string>()

  const fieldsOf = ({ tenantId, orderId, tradeId, intentId }: PlacedOrder) => ({ tenantId, orderId, tradeId, intentId })

  async function answer(placed: PlacedOrder, outcome: OrderAnswer): Promise<void> {
    const { order, orderId, tradeId, durationMs } = placed
    const expiresAt = durationMs === null ? null : order.decidedAt + durationMs
    const row = await deps.recordAnswer({ orderId, tradeId, answer: outcome, expiresAt })
    log.info({ ...fieldsOf(placed), ...outcome }, 'order answered')
    if (!row) return
    if (row.status === 'open') await deps.adopt(placed, row)
    deps.onTrade(row)
  }

  async function place(placed: PlacedOrder, sendBy: number): Promise<void> {
    const account = brokerAccount(placed.tenantId, placed.account)
    const before = performance.now()
    if (before > sendBy) {
      await answer(placed, { kind: 'refused', reason: 'it was too late to send it' })
      forget(placed)
      return
    }
    const outcome: OrderOutcome = await broker.place(account, placed.order)
    deps.onLatency(placed.tenantId, performance.now() - before)
    await answer(placed, outcome)
    if (outcome.kind === 'unknown') ask(placed, sendBy + brokerTimeoutMs, 0)
    else forget(placed)
  }

  /** An order that was under way when another process of ours ended. */
  async function resume(placed: PlacedOrder, sendBy: number): Promise<void> {
    const found = await broker.find(brokerAccount(placed.tenantId, placed.account), placed.order.clientOrderId)
    if (found.kind === 'found') {
      await answer(placed, { kind: 'accepted', orderId: found.orderId })
      forget(placed)
    } else if (found.kind === 'not-found' && isStillOnTime(placed)) {
      // The paper venue's book ended with that process and is back from the rows: what it does not have was never accepted,
      // and the market has not moved since.
      await place(placed, Number.POSITIVE_INFINITY)
    } else {
      ask(placed, sendBy + brokerTimeoutMs, 1)
    }
  }

  function isStillOnTime({ account, source, order }: PlacedOrder): boolean {
    return account === 'paper' && source === deps.source && deps.isEntryOpen(order.decidedAt)
  }

  /** Asks until the broker knows. `provenAfter`, monotonic ms: from then on "not found" means that there is none. */
  function ask(placed: PlacedOrder, provenAfter: number, attempt: number): void {
    known.set(placed.orderId, placed.tenantId)
    const after = attempt === 0 ? 0 : (askAgainAfterMs[Math.min(attempt, askAgainAfterMs.length) - 1] ?? 30_000)
    delay(after, undefined, { signal, ref: false }).then(
      () => askNow(placed, provenAfter, attempt),
      // We are stopping; whoever starts next asks.
      () => {},
    )
  }

  async function askNow(placed: PlacedOrder, provenAfter: number, attempt: number): Promise<void> {
    try {
      const account = brokerAccount(placed.tenantId, placed.account)
      const found = await broker.find(account, placed.order.clientOrderId)
      if (found.kind === 'found') {
        await answer(placed, { kind: 'accepted', orderId: found.orderId })
      } else if (found.kind === 'not-found' && performance.now() > provenAfter) {
        await answer(placed, { kind: 'refused', reason: 'the broker does not have it' })
      } else {
        ask(placed, provenAfter, attempt + 1)
        return
      }
      forget(placed)
    } catch (error) {
      if (signal.aborted) return
      log.error({ ...fieldsOf(placed), err: error }, 'asking about an order failed')
      ask(placed, provenAfter, attempt + 1)
    }
  }

  function forget({ orderId }: PlacedOrder): void {
    known.delete(orderId)
    wake.ring()
  }

  function enqueue(placed: PlacedOrder, work: () => Promise<void>): void {
    const { tenantId } = placed
    const queue = queues.get(tenantId) ?? { tail: Promise.resolve(), waiting: 0 }
    queues.set(tenantId, queue)
    known.set(placed.orderId, tenantId)
    placing.add(tenantId)
    queue.waiting++
    queue.tail = queue.tail
      .then(work)
      .catch((error: unknown) => {
        // Its row still says pending: the sweep takes it up again.
        if (!signal.aborted) log.error({ ...fieldsOf(placed), err: error }, 'an order failed')
        known.delete(placed.orderId)
      })
      .then(() => {
        queue.waiting--
        if (queue.waiting === 0) {
          queues.delete(tenantId)
          placing.delete(tenantId)
        }
        wake.ring()
      })
  }

  return {
    send(placed, sendBy) {
      // Beyond the bound nothing more is sent; what waits that long would be too late anyway.
      const full = (queues.get(placed.tenantId)?.waiting ?? 0) >= longestQueue
      enqueue(placed, () => place(placed, full ? Number.NEGATIVE_INFINITY : sendBy))
    },
    recover(rows) {
      for (const row of rows) {
        const placed = placedFromRows(row)
        if (known.has(placed.orderId)) continue
        if (row.order.sentAt === null) continue
        const sendBy = performance.now() - row.overdueMs
        enqueue(placed, () => resume(placed, sendBy))
      }
    },
    placing,
    async quiet(tenantId, ms) {
      const until = performance.now() + ms
      while ([...known.values()].includes(tenantId) && performance.now() < until && !signal.aborted) {
        await wake.next(Math.min(50, until - performance.now()))
      }
    },
  }
}
