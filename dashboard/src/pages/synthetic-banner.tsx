import { useQuery } from '@tanstack/react-query'
import { symbolsQuery } from '../api/queries.js'
import { useApp } from '../app.js'
import { Notice } from '../parts/notice.js'

/** Says so on every page when prices are made up, all of them or those of some source. */
export function SyntheticBanner() {
  const { client } = useApp()
  const { data = [] } = useQuery(symbolsQuery(client))
  const sources = [...new Set(data.filter(({ synthetic }) => synthetic).map(({ source }) => source))]
  if (sources.length === 0) return null
  const which = data.every(({ synthetic }) => synthetic)
    ? 'The candles here'
    : `Candles of the source ${sources.join(', ')}`
  return (
    <div className="banner">
      <Notice tone="warning" title="Synthetic prices">
        {which} are generated, not from a market. They are good for trying Sath out and say nothing about what a
        strategy would earn.
      </Notice>
    </div>
  )
}
