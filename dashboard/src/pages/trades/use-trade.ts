import { useQuery } from '@tanstack/react-query'
import type { Page, Trade } from '../../api/types.js'
import { useApp } from '../../app.js'

/** One trade, by its id and the market time of its signal; without a time it is looked for among the newest. Null: it is not there. */
export function useTrade(id: string | undefined, at?: string) {
  const { client } = useApp()
  return useQuery({
    queryKey: ['/trades', 'one', id, at],
    queryFn: async ({ signal }) => {
      const query = { limit: 100, ...(at && { from: at, to: at }) }
      const { items } = await client.get<Page<Trade>>('/trades', { query, signal })
      return items.find((trade) => trade.id === id) ?? null
    },
    enabled: id !== undefined,
  })
}
