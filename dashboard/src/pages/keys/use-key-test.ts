import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { KeyTest } from '../../api/types.js'
import { useApp } from '../../app.js'

export type KeyList = '/keys/exchange' | '/keys/ai'

/** Longest wait for an answer, in looks of one second; the broker's own time-outs are shorter. */
const mostLooks = 60

/** Asks whoever gave the key whether it works, and looks until the answer is there. `list` is the path the key is listed at. */
export function useKeyTest(id: string, list: KeyList) {
  const { client } = useApp()
  const queries = useQueryClient()
  const start = useMutation({
    mutationFn: () => client.post<{ testId: string }>('/keys/test', { body: { id }, once: true }),
  })
  const testId = start.data?.testId
  const test = useQuery({
    queryKey: ['/keys/test', testId],
    queryFn: ({ signal }) => client.get<KeyTest>(`/keys/test/${testId}`, { signal }),
    enabled: testId !== undefined,
    refetchInterval: ({ state }) =>
      state.data?.status === 'pending' && state.dataUpdateCount < mostLooks ? 1_000 : false,
    gcTime: 0,
  })
  const status = test.data?.status
  useEffect(() => {
    if (status === 'ok' || status === 'failed') void queries.invalidateQueries({ queryKey: [list] })
  }, [status, queries, list])
  const isWaiting = testId !== undefined && !test.error && (status === undefined || status === 'pending')
  return {
    start: () => start.mutate(),
    isRunning: start.isPending || (isWaiting && test.isFetching) || (isWaiting && status === 'pending'),
    result: status === 'ok' || status === 'failed' ? test.data : undefined,
    error: start.error ?? test.error,
  }
}
