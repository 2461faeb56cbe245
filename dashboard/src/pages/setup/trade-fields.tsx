import type { ReactNode } from 'react'
import type { Plan, Timeframe } from '../../api/types.js'
import type { StrategyDraft } from './draft.js'
import { SelectAt, TextAt } from './text-at.js'

export const timeframeOptions: readonly { value: Timeframe; label: string }[] = [
  { value: 'M1', label: '1 minute' },
  { value: 'M5', label: '5 minutes' },
  { value: 'M15', label: '15 minutes' },
  { value: 'M30', label: '30 minutes' },
  { value: 'H1', label: '1 hour' },
  { value: 'H4', label: '4 hours' },
  { value: 'D1', label: '1 day' },
]

interface TradeFieldsProps {
  readonly path: string
  readonly draft: StrategyDraft
  readonly plan: Plan | null
  readonly onChange: (change: Partial<StrategyDraft>) => void
  /** More fields beside these. */
  readonly children?: ReactNode
}

/** When it looks and what it enters. */
export function TradeFields({ path, draft, plan, onChange, children }: TradeFieldsProps) {
  const multi = plan === null || plan.multiTimeframe
  return (
    <fieldset>
      <legend>What it trades</legend>
      <div className="fields">
        <SelectAt
          path={`${path}.timeframe`}
          label="Timeframe"
          value={draft.timeframe}
          options={timeframeOptions}
          onPick={(timeframe) => onChange({ timeframe })}
          help="It decides once for every closed candle."
        />
        <SelectAt
          path={`${path}.confirmTimeframe`}
          label="Trend filter"
          value={draft.confirmTimeframe}
          options={[{ value: '', label: 'None' }, ...timeframeOptions]}
          onPick={(confirmTimeframe) => onChange({ confirmTimeframe })}
          help={`Drops signals against the trend of a longer timeframe.${multi ? '' : ' Not in your plan.'}`}
        />
        <SelectAt
          path={`${path}.instrument`}
          label="Instrument"
          value={draft.instrument}
          options={[
            { value: 'binary', label: 'Binary option' },
            { value: 'spot', label: 'Spot' },
          ]}
          onPick={(instrument) => onChange({ instrument })}
        />
        <TextAt
          path={`${path}.expiryCandles`}
          label={draft.instrument === 'binary' ? 'Expires after, candles' : 'Closes after, candles'}
          inputMode="numeric"
          value={draft.expiryCandles}
          onText={(expiryCandles) => onChange({ expiryCandles })}
          help="1 to 100, counted from the entry."
        />
        {children}
      </div>
    </fieldset>
  )
}
