import type { Plan } from '../../api/types.js'
import { TimeField } from '../../parts/time-field.js'
import { useFieldAt } from '../setup/field-errors.js'
import type { Span } from './span.js'

interface SpanFieldsProps {
  readonly path: string
  readonly draft: Span
  readonly plan: Plan | null
  readonly onChange: (change: Partial<Span>) => void
}

/** From which candle to which. */
export function SpanFields({ path, draft, plan, onChange }: SpanFieldsProps) {
  const days = plan?.historyDays
  return (
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
    </div>
  )
}
