import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { LogLine, Page } from '../../api/types.js'
import { useApp } from '../../app.js'
import { useTopic } from '../../live/use-topic.js'
import { type KeyedLine, parseLine, withLines } from './log-lines.js'

/** How often arrived lines are drawn: a flood costs a few drawings a second, not one a line. */
const drawEveryMs = 200

/** The stored end of the log and what comes after it, oldest first. While paused, lines wait (the newest 1,000). */
export function useLog(paused: boolean) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [live, setLive] = useState<readonly KeyedLine[]>([])
  const [waitingCount, setWaitingCount] = useState(0)
  const waiting = useRef<readonly KeyedLine[]>([])
  const counter = useRef(0)

  const stored = useQuery({
    queryKey: ['/logs'],
    queryFn: ({ signal }) => client.get<Page<LogLine>>('/logs', { query: { limit: 100 }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

  useTopic('logs', {
    onData(data) {
      const line = parseLine(data)
      if (!line) return
      counter.current++
      waiting.current = withLines(waiting.current, [{ ...line, key: counter.current }])
    },
    onGap() {
      waiting.current = []
      setLive([])
      void queries.invalidateQueries({ queryKey: ['/logs'] })
    },
  })

  useEffect(() => {
    const timer = setInterval(() => {
      const lines = waiting.current
      setWaitingCount(lines.length)
      if (paused || lines.length === 0) return
      waiting.current = []
      setLive((kept) => withLines(kept, lines))
    }, drawEveryMs)
    return () => clearInterval(timer)
  }, [paused])

  // What the stream told before the stored end was read is in both.
  const history = (stored.data?.items ?? []).toReversed().map((line, at) => ({ ...line, key: -1 - at }))
  const newest = history.at(-1)?.time ?? ''
  const lines = withLines(
    history,
    live.filter((line) => line.time > newest),
  )
  return { stored, lines, waiting: paused ? waitingCount : 0 }
}
