/** One day of a time zone: the instants from `from` up to, not including, `to`; epoch ms. 23 to 25 hours, save for oddities. */
export interface Day {
  readonly from: number
  readonly to: number
}

const minuteMs = 60_000
const dayMs = 86_400_000
/** Longer than any day and any shift of a clock together. */
const reachMs = 30 * 3_600_000

/**
 * Tells the day that an instant is in. It remembers the last two, since time moves on slowly, and about midnight there are
 * questions about both. @throws RangeError when unknown
 */
export function calendar(timezone: string): (time: number) => Day {
  const find = timezone === 'UTC' ? utcDay : zoneDay(timezone)
  let day: Day = { from: 0, to: 0 }
  let other = day
  return (time) => {
    if (isIn(day, time)) return day
    const next = isIn(other, time) ? other : find(time, day)
    other = day
    day = next
    return day
  }
}

export function isIn({ from, to }: Day, time: number): boolean {
  return time >= from && time < to
}

function utcDay(time: number): Day {
  const from = Math.floor(time / dayMs) * dayMs
  return { from, to: from + dayMs }
}

/**
 * Where the date on the wall changes is searched for, because clocks are put forward and back at midnight too; but first it is
 * asked whether the day after the last one is as long as most.
 */
function zoneDay(timeZone: string): (time: number, last: Day) => Day {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const dateAt = (time: number) => format.format(time)
  /** The date at the end of the day that was tried last. */
  let end = { at: Number.NaN, date: '' }
  return (time, last) => {
    const next = { from: last.to, to: last.to + dayMs }
    if (time >= next.from && time < next.to) {
      const date = next.from === end.at ? end.date : dateAt(next.from)
      end = { at: next.to, date: dateAt(next.to) }
      if (date === dateAt(next.to - 1) && date !== end.date) return next
    }
    const date = dateAt(time)
    return {
      from: firstMinute(time - reachMs, time, (at) => dateAt(at) === date),
      to: firstMinute(time, time + reachMs, (at) => dateAt(at) !== date),
    }
  }
}

/** The first minute after `low`, at most `high`, of which `holds` is true; it is true of `high` and of all after the first. */
function firstMinute(low: number, high: number, holds: (time: number) => boolean): number {
  let [no, yes] = [Math.floor(low / minuteMs), Math.floor(high / minuteMs)]
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2)
    if (holds(middle * minuteMs)) yes = middle
    else no = middle
  }
  return yes * minuteMs
}
