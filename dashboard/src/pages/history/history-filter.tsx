import type { ReactNode } from 'react'
import { all, PickField } from '../../parts/pick-field.js'
import { TimeField } from '../../parts/time-field.js'
import type { Names } from './use-strategy-names.js'

/** What a list of the past is narrowed to; absent: everything. Times are ISO 8601, of the market. */
export interface Filter {
  readonly strategyId?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

interface HistoryFilterProps {
  /** Begins the names of the fields, for example "trade". */
  readonly name: string
  readonly filter: Filter
  readonly names: Names
  readonly onChange: (change: Filter) => void
  readonly children?: ReactNode
}

/** Which strategy, and from when to when. */
export function HistoryFilter({ name, filter, names, onChange, children }: HistoryFilterProps) {
  const { strategyId, from, to } = filter
  const known = [...names].map(([value, label]) => ({ value, label }))
  const former = strategyId && !names.has(strategyId) ? [{ value: strategyId, label: 'A former strategy' }] : []
  return (
    <div className="picker">
      <PickField
        name={`${name}-strategy`}
        label="Strategy"
        options={[all, ...known, ...former]}
        value={strategyId ?? ''}
        onPick={(id) => onChange({ strategyId: id || undefined })}
      />
      {children}
      <TimeField name={`${name}-from`} label="From" at={from} onChange={(time) => onChange({ from: time })} />
      <TimeField name={`${name}-to`} label="To" at={to} onChange={(time) => onChange({ to: time })} />
    </div>
  )
}
