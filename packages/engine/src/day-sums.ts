import { type Decimal, money } from '@sath/core'
import { type BotTrade, closeOf } from './bot-trade.js'
import { calendar, type Day } from './trading-day.js'

interface Sums {
  profit: Decimal
  entries: number
}

/** Sums over what is over, by day of the bot's time zone; of the whole bot under '' and of each strategy under its id. */
export interface DaySums {
  readonly dayOf: (time: number) => Day
  /** By start of the day. */
  readonly days: Map<number, Map<string, Sums>>
}

const wholeBot = ''

export function daySums(timezone: string): DaySums {
  return { dayOf: calendar(timezone), days: new Map() }
}

/** Profit counts on the day of the close, the entry on that of its signal bar; what was refused was none. */
export function addToDays(sums: DaySums, trade: BotTrade): void {
  const closed = dayFrom(sums, closeOf(trade))
  const signalled = dayFrom(sums, trade.signalTime)
  const entry = trade.status === 'refused' ? 0 : 1
  for (const id of [wholeBot, trade.strategyId]) {
    const sum = sumsOf(closed, id)
    sum.profit = money.add(sum.profit, trade.profit)
    sumsOf(signalled, id).entries += entry
  }
}

/** Realised profit of the day that contains `time`; of one strategy or, without an id, of all. */
export function profitOn({ dayOf, days }: DaySums, time: number, strategyId = wholeBot): Decimal {
  return days.get(dayOf(time).from)?.get(strategyId)?.profit ?? '0'
}

/** Entries of the day that contains `time`, as far as they are over. */
export function entriesOn({ dayOf, days }: DaySums, time: number, strategyId = wholeBot): number {
  return days.get(dayOf(time).from)?.get(strategyId)?.entries ?? 0
}

/** Lets go of days that began before `time`. */
export function dropDays({ days }: DaySums, time: number): void {
  for (const from of days.keys()) if (from < time) days.delete(from)
}

function dayFrom({ dayOf, days }: DaySums, time: number): Map<string, Sums> {
  const { from } = dayOf(time)
  const known = days.get(from)
  if (known) return known
  const day = new Map<string, Sums>()
  days.set(from, day)
  return day
}

function sumsOf(day: Map<string, Sums>, id: string): Sums {
  const known = day.get(id)
  if (known) return known
  const sums: Sums = { profit: '0', entries: 0 }
  day.set(id, sums)
  return sums
}
