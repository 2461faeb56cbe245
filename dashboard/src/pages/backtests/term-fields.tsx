import type { Plan } from '../../api/types.js'
import { SpanFields } from '../jobs/span-fields.js'
import { TextOf } from '../setup/text-at.js'
import type { BacktestDraft } from './backtest-draft.js'

interface TermFieldsProps {
  readonly path: string
  readonly draft: BacktestDraft
  readonly plan: Plan | null
  readonly onChange: (change: Partial<BacktestDraft>) => void
}

/** On which candles and at which prices. */
export function TermFields({ plan, ...part }: TermFieldsProps) {
  return (
    <fieldset>
      <legend>Candles and prices</legend>
      <SpanFields {...part} plan={plan} />
      <div className="fields">
        {part.draft.what === 'strategy' && <TextOf of={part} name="capital" label="Capital, USD" inputMode="decimal" />}
        <TextOf
          of={part}
          name="payout"
          label="A win pays, %"
          inputMode="decimal"
          help="Of the stake of a binary option."
        />
        <TextOf
          of={part}
          name="spread"
          label="Spread, %"
          inputMode="decimal"
          help="Of the price; half of it is paid on each side."
        />
      </div>
    </fieldset>
  )
}
