import { useQuery } from '@tanstack/react-query'
import type { Job, JobStatus } from '../../api/types.js'
import { useApp } from '../../app.js'

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

/** How soon to look at a list again: while something in it goes on. */
export function lookAgainMs(jobs: readonly Job[]): number | false {
  return jobs.some(({ status }) => isOpen(status)) && 1_500
}
