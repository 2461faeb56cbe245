import { useEffect, useState } from 'react'
import { dateTime, day, relative, shortTime } from './format.js'

/** An instant in the reader's own time zone; the full date on hover. */
export function Time({ at }: { at: string | null }) {
  if (at === null) return <span className="muted">–</span>
  return (
    <time dateTime={at} title={dateTime(at)}>
      {shortTime(at, new Date())}
    </time>
  )
}

/** A day where the hour matters little; the full date on hover. */
export function Day({ at }: { at: string }) {
  return (
    <time dateTime={at} title={dateTime(at)}>
      {day(at)}
    </time>
  )
}

/** From one instant to another; the second without its date when it is the same day's. */
export function TimeSpan({ from, to }: { from: string; to: string }) {
  return (
    <span>
      <Time at={from} /> <span className="muted">to</span>{' '}
      <time dateTime={to} title={dateTime(to)}>
        {shortTime(to, isSameDay(from, to) ? new Date(to) : new Date())}
      </time>
    </span>
  )
}

function isSameDay(one: string, other: string): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString()
}

/** How long ago, kept up to date. */
export function Ago({ at }: { at: string }) {
  const now = useNow(1_000)
  return (
    <time dateTime={at} title={dateTime(at)}>
      {relative(at, now)}
    </time>
  )
}

/** Epoch ms, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
