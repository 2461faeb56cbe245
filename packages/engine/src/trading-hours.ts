import type { TradingHours } from '@sath/core'

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const formatters = new Map<string, Intl.DateTimeFormat>()

/**
 * Whether the instant (epoch ms) is within the hours, by the wall clock of their time zone: summer time moves the instants,
 * not the hours. `start` is included, `end` is not. Where `end` is not after `start` the hours run across midnight, and the
 * day that counts is the one they started on.
 */
export function isWithin({ timezone, days, start, end }: TradingHours, time: number): boolean {
  const { day, clock } = wallClock(timezone, time)
  if (start < end) return clock >= start && clock < end && days.includes(day)
  if (clock >= start) return days.includes(day)
  return clock < end && days.includes(day === 1 ? 7 : day - 1)
}

export function isTimezone(name: string): boolean {
  try {
    formatterOf(name)
    return true
  } catch {
    return false
  }
}

/** ISO weekday and "HH:MM". */
function wallClock(timezone: string, time: number): { day: number; clock: string } {
  const parts: Record<string, string> = {}
  for (const { type, value } of formatterOf(timezone).formatToParts(time)) parts[type] = value
  return { day: weekdays.indexOf(parts.weekday ?? '') || 7, clock: `${parts.hour}:${parts.minute}` }
}

/** Making a formatter costs some 50 µs and tens of kB, using one 1 µs: one per time zone. @throws RangeError when unknown */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formatters.set(timeZone, formatter)
  }
  return formatter
}
