import { useQuery } from '@tanstack/react-query'
import { strategiesQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'

/** Names of the catalogue's strategies by id: one that is tested by itself is called by its id. */
export function useCatalogueNames(): ReadonlyMap<string, string> {
  const { client } = useApp()
  const { data = [] } = useQuery(strategiesQuery(client))
  return new Map(data.map(({ id, name }) => [id, name]))
}
