import type { Plan } from '../../api/types.js'
import { TimeField } from '../../parts/time-field.js'
import { useFieldAt } from '../setup/field-errors.js'
import { TextAt } from '../setup/text-at.js'
import type { BacktestDraft } from './backtest-draft.js'

interface TermFieldsProps {
  readonly path: string
  readonly draft: BacktestDraft
  readonly plan: Plan | null
  readonly onChange: (change: Partial<BacktestDraft>) => void
}

/** On which candles and at which prices. */
export function TermFields({ path, draft, plan, onChange }: TermFieldsProps) {
  const days = plan?.historyDays
  return (
    <fieldset>
      <legend>Candles and prices</legend>
      <div className="fields">
        <TimeField
          {...useFieldAt(`${path}.from`)}
          label="From"
          at={draft.from}
          onChange={(from) => onChange({ from })}
          help={days ? `Your plan has ${days} days; empty: all of them.` : 'Empty: the first candle stored.'}
        />
        <TimeField
          {...useFieldAt(`${path}.to`)}
          label="To"
          at={draft.to}
          onChange={(to) => onChange({ to })}
          help="Empty: the newest candle."
        />
        {draft.what === 'strategy' && (
          <TextAt
            path={`${path}.capital`}
            label="Capital, USD"
            inputMode="decimal"
            value={draft.capital}
            onText={(capital) => onChange({ capital })}
          />
        )}
        <TextAt
          path={`${path}.payout`}
          label="A win pays, %"
          inputMode="decimal"
          value={draft.payout}
          onText={(payout) => onChange({ payout })}
          help="Of the stake of a binary option."
        />
        <TextAt
          path={`${path}.spread`}
          label="Spread, %"
          inputMode="decimal"
          value={draft.spread}
          onText={(spread) => onChange({ spread })}
          help="Of the price; half of it is paid on each side."
        />
      </div>
    </fieldset>
  )
}
