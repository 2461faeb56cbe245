import { useQuery } from '@tanstack/react-query'
import { configQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'

export type Names = ReadonlyMap<string, string>

/** Names of the strategies as they are set up now, by id. */
export function useStrategyNames(): Names {
  const { client } = useApp()
  const { data } = useQuery(configQuery(client))
  return new Map(data?.config?.strategies.map(({ id, name }) => [id, name]))
}

/** What a record's strategy is called; null is a trade by hand. */
export function strategyName(names: Names, id: string | null): string {
  return id === null ? 'manual' : (names.get(id) ?? 'a former strategy')
}
