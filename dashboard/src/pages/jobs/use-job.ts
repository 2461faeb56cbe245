import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Job, JobStatus } from '../../api/types.js'
import { useApp } from '../../app.js'
import { pagesOf } from '../../parts/pages.js'

export type JobPath = '/backtests' | '/simulations'

/** Whether it waits or runs. */
export function isOpen(status: JobStatus): boolean {
  return status === 'queued' || status === 'running'
}

/** One job, looked at until it has ended. */
export function useJob<T extends Job>(path: JobPath, id: string) {
  const { client } = useApp()
  return useQuery({
    queryKey: [path, id],
    queryFn: ({ signal }) => client.get<T>(`${path}/${id}`, { signal }),
    refetchInterval: ({ state }) => (!state.data || isOpen(state.data.status) ? 700 : false),
  })
}

/** All jobs of one kind, read anew whenever the list appears and followed while something in it goes on. */
export function useJobs<T extends Job>(path: JobPath) {
  const { client } = useApp()
  return useInfiniteQuery({
    ...pagesOf<T>(client, path),
    refetchOnMount: 'always',
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(({ status }) => isOpen(status))) ? 1_500 : false,
  })
}
