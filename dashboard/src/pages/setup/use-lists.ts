import { useQueries } from '@tanstack/react-query'
import { keysQuery, planQuery, presetsQuery, strategiesQuery, symbolsQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'
import type { Lists } from './lists.js'

/** What forms about strategies choose from, as one query. Presets and plan are a help only: the rest waits for no failure of theirs. */
export function useLists() {
  const { client } = useApp()
  const [strategies, symbols, keys, presets, plan] = useQueries({
    queries: [
      strategiesQuery(client),
      symbolsQuery(client),
      keysQuery(client),
      presetsQuery(client),
      planQuery(client),
    ],
  })
  const needed = [strategies, symbols, keys] as const
  const isThere = !presets.isLoading && !plan.isLoading && needed.every(({ data }) => data !== undefined)
  const lists: Lists = {
    strategies: strategies.data ?? [],
    symbols: symbols.data ?? [],
    keys: keys.data ?? [],
    presets: presets.data ?? [],
    plan: plan.data ?? null,
  }
  return {
    data: isThere ? lists : undefined,
    error: needed.find(({ error }) => error !== null)?.error ?? null,
    isFetching: needed.some(({ isFetching }) => isFetching),
    refetch: () => needed.forEach((query) => void query.refetch()),
  }
}
