import { addTo, emptyTally, type Tally } from '@sath/core'
import { type BotTrade, closeOf } from './bot-trade.js'
import { calendar, type Day, isIn } from './trading-day.js'

interface Sums {
  readonly profit: Tally
  entries: number
}

/** What came of one day: of the whole bot, and of each strategy under its id. */
interface DaySum extends Day, Sums {
  readonly strategies: Map<string, Sums>
}

/** Sums by day of the bot's time zone. */
export interface DaySums {
  readonly dayOf: (time: number) => Day
  /** A handful, in no order. */
  days: DaySum[]
}

const none: Readonly<Sums> = { profit: emptyTally(), entries: 0 }

export function daySums(timezone: string): DaySums {
  return { dayOf: calendar(timezone), days: [] }
}

/** `profit`: that of the trade; it counts on the day of the close. */
export function addProfit(sums: DaySums, trade: BotTrade, profit: Readonly<Tally>): void {
  const day = daySumAt(sums, closeOf(trade))
  addTo(day.profit, profit)
  addTo(sumsOf(day, trade.strategyId).profit, profit)
}

/** Counts an entry in (1) or out again (-1), on the day of its signal bar. */
export function countEntry(sums: DaySums, { strategyId, signalTime }: BotTrade, by: 1 | -1): void {
  const day = daySumAt(sums, signalTime)
  day.entries += by
  sumsOf(day, strategyId).entries += by
}

/** Realised profit of the day that contains `time`; of one strategy or, without an id, of all. */
export function profitOn(sums: DaySums, time: number, strategyId?: string): Readonly<Tally> {
  return sumsOn(sums, time, strategyId).profit
}

/** Entries counted on the day that contains `time`. */
export function entriesOn(sums: DaySums, time: number, strategyId?: string): number {
  return sumsOn(sums, time, strategyId).entries
}

/** Lets go of days that began before `time`. */
export function dropDays(sums: DaySums, time: number): void {
  sums.days = sums.days.filter(({ from }) => from >= time)
}

function sumsOn({ days }: DaySums, time: number, strategyId: string | undefined): Readonly<Sums> {
  for (const day of days) {
    if (isIn(day, time)) return strategyId === undefined ? day : (day.strategies.get(strategyId) ?? none)
  }
  return none
}

function daySumAt({ dayOf, days }: DaySums, time: number): DaySum {
  for (const day of days) if (isIn(day, time)) return day
  const { from, to } = dayOf(time)
  const day: DaySum = { from, to, profit: emptyTally(), entries: 0, strategies: new Map() }
  days.push(day)
  return day
}

function sumsOf({ strategies }: DaySum, id: string): Sums {
  const known = strategies.get(id)
  if (known) return known
  const sums: Sums = { profit: emptyTally(), entries: 0 }
  strategies.set(id, sums)
  return sums
}
