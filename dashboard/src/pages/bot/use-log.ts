import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import type { LogLevel, LogLine, Page } from '../../api/types.js'
import { useApp } from '../../app.js'
import { useTopic } from '../../live/use-topic.js'
import { historyOf, isAtLeast, type KeyedLine, mostLines, parseLine } from './log-lines.js'

/** How often arrived lines are drawn: a flood costs a few drawings a second, not one a line. */
const drawEveryMs = 200
const pageSize = 50
/** Pages of stored lines that can be read back; the files on the server hold them all. */
const mostPages = 60

type Stored = InfiniteData<Page<LogLine>, string | undefined>

/** The stored log at this level and above, page by page backwards, and what comes after it. While paused, lines wait. */
export function useLog(paused: boolean, level: LogLevel) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [live, setLive] = useState<readonly KeyedLine[]>([])
  const [waitingCount, setWaitingCount] = useState(0)
  const waiting = useRef<KeyedLine[]>([])
  const counter = useRef(0)
  const queryKey = ['/logs', level]

  const stored = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      client.get<Page<LogLine>>('/logs', { query: { limit: pageSize, level, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }, { length }) => (length < mostPages ? (nextCursor ?? undefined) : undefined),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

  /** After a hole in what came live, the stored end is the truth. */
  const readAnew = () => {
    waiting.current = []
    setLive([])
    queries.setQueryData<Stored>(queryKey, (data) => data && { pages: data.pages.slice(0, 1), pageParams: [undefined] })
    void queries.invalidateQueries({ queryKey })
  }

  useTopic('logs', {
    onData(data) {
      const line = parseLine(data)
      if (!line) return
      counter.current++
      // One more than is kept says that there is a hole.
      if (waiting.current.length <= mostLines) waiting.current.push({ ...line, key: counter.current })
    },
    onGap: readAnew,
  })

  const draw = useEffectEvent(() => {
    const lines = waiting.current
    setWaitingCount(lines.length)
    if (paused || lines.length === 0) return
    if (live.length + lines.length > mostLines) return readAnew()
    waiting.current = []
    setLive([...live, ...lines])
  })
  useEffect(() => {
    const timer = setInterval(() => draw(), drawEveryMs)
    return () => clearInterval(timer)
  }, [])

  const history = useMemo(() => historyOf(stored.data?.pages ?? []), [stored.data])
  // What the stream told before the stored end was read is in both.
  const newest = stored.data?.pages[0]?.items[0]?.time ?? ''
  const lines = [...history, ...live.filter((line) => line.time > newest && isAtLeast(line, level))]
  return { stored, lines, waiting: paused ? waitingCount : 0 }
}
