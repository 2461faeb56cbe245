import type { StrategyDraft } from './draft.js'
import { TextAt } from './text-at.js'

interface StrategyRiskFieldsProps {
  readonly path: string
  readonly draft: StrategyDraft
  readonly onChange: (change: Partial<StrategyDraft>) => void
}

/** Limits of one strategy. */
export function StrategyRiskFields({ path, draft, onChange }: StrategyRiskFieldsProps) {
  const limit = (
    name: string,
    label: string,
    help: string,
    inputMode: 'decimal' | 'numeric' = 'decimal',
    placeholder = 'No limit',
  ) => (
    <TextAt
      path={`${path}.${name}`}
      label={label}
      help={help}
      inputMode={inputMode}
      placeholder={placeholder}
      value={draft.risk[name] ?? ''}
      onText={(text) => onChange({ risk: { ...draft.risk, [name]: text } })}
    />
  )
  return (
    <fieldset>
      <legend>Limits of this strategy</legend>
      <div className="fields">
        {draft.instrument === 'spot' && (
          <>
            {limit('stopLossPct', 'Stop-loss, %', 'Closes when the price is this much worse.')}
            {limit('takeProfitPct', 'Take-profit, %', 'Closes when the price is this much better.')}
          </>
        )}
        {limit('maxDailyLoss', 'Loss in a day, USD', 'Nothing new that day after it.')}
        {limit('maxDailyProfit', 'Profit in a day, USD', 'Nothing new that day after it.')}
        {limit('maxTradesPerDay', 'Trades in a day', 'Of this strategy.', 'numeric')}
        {limit('cooldownCandles', 'Cool-down, candles', 'Nothing new for so long after losses.', 'numeric', 'None')}
        {limit('cooldownAfterLosses', 'Cool-down after, losses', 'How many in a row begin it.', 'numeric', '1')}
      </div>
    </fieldset>
  )
}
