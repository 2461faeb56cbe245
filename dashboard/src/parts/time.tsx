import { useEffect, useState } from 'react'
import { dateTime, relative, shortTime } from './format.js'

/** An instant in the reader's own time zone; the full date on hover. */
export function Time({ at }: { at: string | null }) {
  if (at === null) return <span className="muted">–</span>
  return (
    <time dateTime={at} title={dateTime(at)}>
      {shortTime(at, new Date())}
    </time>
  )
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
