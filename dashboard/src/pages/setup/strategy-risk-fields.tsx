import type { StrategyDraft } from './draft.js'
import { type Limit, LimitFields } from './limit-fields.js'

interface StrategyRiskFieldsProps {
  readonly path: string
  readonly draft: StrategyDraft
  readonly onChange: (change: Partial<StrategyDraft>) => void
}

const ofInstrument: Readonly<Record<StrategyDraft['instrument'], readonly Limit[]>> = {
  binary: [
    { name: 'minPayout', label: 'Least payout, %', help: 'Nothing new while a win pays less.', whenEmpty: 'Any' },
  ],
  spot: [
    { name: 'stopLossPct', label: 'Stop-loss, %', help: 'Closes when the price is this much worse.' },
    { name: 'takeProfitPct', label: 'Take-profit, %', help: 'Closes when the price is this much better.' },
  ],
}
const ofAny: readonly Limit[] = [
  { name: 'maxDailyLoss', label: 'Loss in a day, USD', help: 'Nothing new that day after it.' },
  { name: 'maxDailyProfit', label: 'Profit in a day, USD', help: 'Nothing new that day after it.' },
  { name: 'maxTradesPerDay', label: 'Trades in a day', help: 'Of this strategy.', inputMode: 'numeric' },
  {
    name: 'cooldownCandles',
    label: 'Cool-down, candles',
    help: 'Nothing new for so long after losses.',
    inputMode: 'numeric',
    whenEmpty: 'None',
  },
  {
    name: 'cooldownAfterLosses',
    label: 'Cool-down after, losses',
    help: 'How many in a row begin it.',
    inputMode: 'numeric',
    whenEmpty: '1',
  },
]

/** Limits of one strategy. */
export function StrategyRiskFields({ path, draft, onChange }: StrategyRiskFieldsProps) {
  return (
    <LimitFields
      path={path}
      limits={[...ofInstrument[draft.instrument], ...ofAny]}
      risk={draft.risk}
      onChange={(risk) => onChange({ risk })}
    />
  )
}
