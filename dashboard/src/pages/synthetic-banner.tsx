import { useQuery } from '@tanstack/react-query'
import { symbolsQuery } from '../api/queries.js'
import { useApp } from '../app.js'
import { Notice } from '../parts/notice.js'

/** Says so on every page when prices are made up. */
export function SyntheticBanner() {
  const { client } = useApp()
  const { data = [] } = useQuery(symbolsQuery(client))
  if (!data.some(({ synthetic }) => synthetic)) return null
  return (
    <div className="banner">
      <Notice tone="warning" title="Synthetic prices">
        The candles here are generated, not from a market. They are good for trying Sath out and say nothing about what
        a strategy would earn.
      </Notice>
    </div>
  )
}
