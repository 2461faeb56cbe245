import type { StrategyInfo } from '../../api/types.js'
import { defaultParams, type StrategyDraft } from './draft.js'
import { SelectAt } from './text-at.js'

interface StrategySelectProps {
  readonly path: string
  readonly draft: StrategyDraft
  readonly strategies: readonly StrategyInfo[]
  readonly onChange: (change: Partial<StrategyDraft>) => void
}

/** Which strategy; another one begins with its own defaults. */
export function StrategySelect({ path, draft, strategies, onChange }: StrategySelectProps) {
  const info = strategies.find(({ id }) => id === draft.strategy)
  const known = strategies.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <SelectAt
      path={`${path}.strategy`}
      label="Strategy"
      value={draft.strategy}
      options={info ? known : [...known, { value: draft.strategy, label: `${draft.strategy} (unknown)` }]}
      help={info && helpOf(info)}
      onPick={(strategy) => {
        const next = strategies.find(({ id }) => id === strategy)
        if (!next) return
        const renamed = info && draft.name === info.name ? { name: next.name } : {}
        onChange({
          strategy,
          params: defaultParams(next),
          ...renamed,
          ...(next.timeframe && { timeframe: next.timeframe }),
        })
      }}
    />
  )
}

function helpOf({ summary, warmUp, timeframe }: StrategyInfo): string {
  return `${summary} First signal after ${warmUp} candles.${timeframe ? ` It signals on ${timeframe} only.` : ''}`
}
