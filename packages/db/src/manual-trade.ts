import { randomUUID } from 'node:crypto'
import { AppError, type Decimal, type Direction } from '@sath/core'
import { sql } from 'drizzle-orm'
import { type Actor, audit } from './audit-repository.js'
import { assertAccountOpen, assertNotHeld, configOf, lockBot } from './bot-wishes.js'
import type { Db } from './client.js'
import { type DaySpan, entryStandings, utcDay } from './entry-facts.js'
import { entryRefusal } from './entry-limits.js'
import { sendWithinSeconds } from './order-repository.js'
import { orders, trades } from './schema/index.js'

/** A binary option on paper, ordered by hand. */
export interface ManualTradeWish {
  readonly tenantId: string
  readonly symbol: string
  readonly source: string
  readonly direction: Direction
  readonly stake: Decimal
  /** Profit of a win per unit staked. */
  readonly payout: Decimal
  /** Length of the option in market time, ms. */
  readonly durationMs: number
  /** Market time of the request: the open of the newest minute, epoch ms. */
  readonly marketTime: number
}

/** Tells the day, in a time zone, that an instant (epoch ms) is in. */
export type Calendar = (timezone: string) => (time: number) => DaySpan

/**
 * Writes trade and order in one transaction under the bot's row lock, within the limits that count for the bot's own
 * entries; the trigger rings for the gateway, which sends it. It needs no running bot.
 *
 * @throws AppError config-missing (there is no account yet), held, plan-limit
 */
export function placeManualTrade(
  db: Db,
  actor: Actor,
  wish: ManualTradeWish,
  calendar: Calendar,
): Promise<{ id: string; status: 'pending' }> {
  const { tenantId, symbol, direction, stake, marketTime } = wish
  const minute = 60_000
  return db.transaction(async (tx) => {
    const bot = await lockBot(tx, tenantId)
    await assertAccountOpen(tx, tenantId)
    assertNotHeld(bot)
    if (bot.hold === 'credentials') throw new AppError('held', 'The broker refused the keys of this bot.')
    const config = await configOf(tx, bot)
    if (!config) throw new AppError('config-missing', 'The paper account is opened with the first configuration.')
    const dayOf = calendar(config.timezone ?? 'UTC')
    const days = { signal: dayOf(marketTime), entry: dayOf(marketTime + minute) }
    const [standing] = await entryStandings(tx, [{ tenantId, run: null, signalTime: marketTime, days }])
    const refusal = standing && entryRefusal({ config, strategyId: undefined, symbol, stake }, standing.facts)
    if (refusal)
      throw new AppError('plan-limit', `Not traded: ${refusal.reason}.`, {
        errors: [{ path: 'stake', message: `${refusal.outcome}: ${refusal.reason}` }],
      })
    const id = randomUUID()
    const intentId = randomUUID()
    await tx.insert(trades).values({
      id,
      tenantId,
      configVersion: bot.configVersion,
      symbol,
      source: wish.source,
      account: 'paper',
      instrument: 'binary',
      direction,
      stake,
      currency: 'USD',
      payout: wish.payout,
      reason: 'manual',
      durationMs: wish.durationMs,
      signalTime: new Date(marketTime),
      marketDay: utcDay(marketTime),
    })
    await tx.insert(orders).values({
      tenantId,
      tradeId: id,
      purpose: 'manual',
      intentId,
      clientOrderId: `m${intentId.replaceAll('-', '')}`,
      account: 'paper',
      symbol,
      direction,
      amount: stake,
      currency: 'USD',
      sendBefore: sql`now() + make_interval(secs => ${sendWithinSeconds})`,
    })
    await audit(tx, actor, 'trade.manual', id, { symbol, direction, stake })
    return { id, status: 'pending' }
  })
}
