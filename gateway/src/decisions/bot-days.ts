import type { EntryWish } from '@sath/db'
import { calendar } from '@sath/engine'

/** By time zone: looking a zone's days up costs more than all the rest of an entry, and they are the same for everybody. */
const calendars = new Map<string, ReturnType<typeof calendar>>()

/** The days of a bot's time zone that the signal and the entry are on. Times are epoch ms of the market. */
export function botDays(timezone: string, signalTime: number, entryTime: number): EntryWish['days'] {
  const dayOf = calendars.get(timezone) ?? calendar(timezone)
  calendars.set(timezone, dayOf)
  return { signal: dayOf(signalTime), entry: dayOf(entryTime) }
}
