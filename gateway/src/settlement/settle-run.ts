import type { Broker } from '@sath/brokers'
import {
  currentConfig,
  type Db,
  openTrades,
  type Receipt,
  type UnsettledRun,
  unansweredOrders,
  writeReceipt,
} from '@sath/db'
import type { Logger } from 'pino'
import { brokerAccount, type OrderDesk } from '../execution/order-desk.js'
import type { PaperBook } from '../execution/paper-book.js'
import type { Market } from '../market/market.js'
import type { InTurn } from '../turns.js'
import { recordExits } from './exits.js'

export interface SettleDeps {
  readonly db: Db
  readonly log: Logger
  readonly broker: Broker
  readonly desk: OrderDesk
  readonly book: PaperBook
  readonly market: Market
  readonly inTurn: InTurn
  /** How long one attempt waits for brokers, ms. */
  readonly patienceMs: number
}

/**
 * Brings what a run left behind to the end its owner chose, and writes the receipt: no order may be working, pending or
 * unknown, every position is closed or listed. What cannot be proven now is said in the receipt and tried again. True: proven.
 */
export async function settleRun(run: UnsettledRun, deps: SettleDeps): Promise<boolean> {
  const { db, log, broker, desk, book } = deps
  const { tenantId, runId } = run
  desk.recover(await unansweredOrders(db, { tenantId }))
  await desk.quiet(tenantId, deps.patienceMs)

  const config = run.forGood ? await currentConfig(db, tenantId) : undefined
  const closing = config?.config.onStop === 'close'
  const ended = run.forGood
    ? await deps.inTurn(() => recordExits(tenantId, ({ status }) => closing || status === 'cancelled', deps))
    : []
  const closed = ended.filter(({ status }) => status !== 'cancelled').length

  const [unanswered, open, onBook] = await Promise.all([
    unansweredOrders(db, { tenantId }),
    openTrades(db, tenantId),
    broker.openOrders(brokerAccount(tenantId, 'paper')),
  ])
  const problems: string[] = []
  if (onBook.kind === 'unknown') problems.push(`the broker cannot be asked: ${onBook.reason}`)
  const kept = open.filter(({ status }) => status === 'open')
  const known = new Set(book.ofTenant(tenantId).map(({ placed }) => placed.order.clientOrderId))
  const strays = onBook.kind === 'known' ? onBook.orders.filter(({ clientOrderId }) => !known.has(clientOrderId)) : []
  if (strays.length > 0) problems.push(`the broker has ${strays.length} orders that are not in our books`)
  const unclosed = kept.filter(({ instrument }) => closing && instrument === 'spot')
  if (unclosed.length > 0) problems.push(`${unclosed.length} positions could not be closed yet`)

  const receipt: Receipt = {
    openOrders: unanswered.length,
    positionsClosed: (run.receipt?.positionsClosed ?? 0) + closed,
    positionsKept: kept.map(({ id, symbol, expiresAt }) => ({
      tradeId: id,
      symbol,
      ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
    })),
    problems,
  }
  const proven = receipt.openOrders === 0 && problems.length === 0
  const news = JSON.stringify(receipt) !== JSON.stringify(run.receipt)
  if (news) await writeReceipt(db, runId, receipt)
  if (news) log.info({ tenantId, runId, ...receipt, proven }, 'run settled')
  return proven
}
