import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { Candle, Page, Signal, Timeframe } from '../../api/types.js'
import { useApp } from '../../app.js'
import { useTopic } from '../../live/use-topic.js'
import { type Bar, barOf, barsOf, isSignal, mergeSignals } from './candle-data.js'

/** Stored candles of one series, and the newest one as it forms. */
export function useCandles(symbol: string, timeframe: Timeframe, source: string) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [newest, setNewest] = useState<Bar>()
  const queryKey = ['/candles', symbol, timeframe, source]
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      client.get<Page<Candle>>('/candles', { query: { symbol, timeframe, source, limit: 500 }, signal }),
    enabled: symbol !== '',
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another series has another newest bar
  useEffect(() => setNewest(undefined), [symbol, timeframe, source])
  useTopic(symbol === '' ? undefined : `candles:${symbol}:${timeframe}`, {
    onData: (data) => setNewest((kept) => barOf(data) ?? kept),
    onGap: () => void queries.invalidateQueries({ queryKey }),
  })
  const bars = useMemo(() => barsOf(query.data?.items ?? []), [query.data])
  return { query, bars, newest }
}

/** Newest first, of every symbol. */
export function useSignals() {
  const { client } = useApp()
  const queries = useQueryClient()
  const [live, setLive] = useState<readonly Signal[]>([])
  const query = useQuery({
    queryKey: ['/signals'],
    queryFn: ({ signal }) => client.get<Page<Signal>>('/signals', { query: { limit: 100 }, signal }),
  })
  useTopic('signals', {
    onData: (data) => isSignal(data) && setLive((kept) => mergeSignals(kept, [data])),
    onGap: () => void queries.invalidateQueries({ queryKey: ['/signals'] }),
  })
  const signals = useMemo(() => mergeSignals(query.data?.items ?? [], live), [query.data, live])
  return { query, signals }
}
