import { MoreFields } from '../../parts/more-fields.js'
import { SpanFields } from '../jobs/span-fields.js'
import type { StrategyDraft } from '../setup/draft.js'
import type { Lists } from '../setup/lists.js'
import { ParamFields } from '../setup/param-fields.js'
import { SourceField } from '../setup/source-field.js'
import { StrategySelect } from '../setup/strategy-select.js'
import { SelectAt, TextOf } from '../setup/text-at.js'
import { timeframeOptions } from '../setup/trade-fields.js'
import { symbolOptions } from '../symbol-options.js'
import type { SimulationDraft } from './simulation-draft.js'

interface RateFieldsProps {
  readonly path: string
  readonly draft: SimulationDraft
  readonly lists: Lists
  readonly onChange: (change: Partial<SimulationDraft>) => void
}

/** Where the win rate is from. It is the one number that decides, and a simulation cannot find it. */
export function RateFields({ lists, ...part }: RateFieldsProps) {
  const { path, draft, onChange } = part
  const { measured, rate } = draft
  const set = (change: Partial<StrategyDraft>) => onChange({ measured: { ...measured, ...change } })
  const info = lists.strategies.find(({ id }) => id === measured.strategy)
  return (
    <fieldset>
      <legend>Win rate</legend>
      <div className="fields">
        <SelectAt
          path={`${path}.rate`}
          label="Take it from"
          value={rate}
          options={[
            { value: 'measured', label: 'A back-test: measured' },
            { value: 'given', label: 'A number of yours: put in' },
          ]}
          onPick={(next) => onChange({ rate: next, ...(next === 'measured' ? { tieRate: '' } : {}) })}
          help="A simulation takes the win rate as it is given. It says nothing about whether you will have it."
        />
        {rate === 'given' ? (
          <TextOf
            of={part}
            name="winRate"
            label="Win rate put in, %"
            inputMode="decimal"
            help="Not measured: everything that follows rests on it."
          />
        ) : (
          <>
            <StrategySelect path={path} draft={measured} strategies={lists.strategies} onChange={set} />
            <SelectAt
              path={`${path}.symbol`}
              label="Symbol"
              value={measured.symbols[0] ?? ''}
              options={symbolOptions(lists.symbols)}
              onPick={(symbol) => set({ symbols: [symbol] })}
            />
            <SelectAt
              path={`${path}.timeframe`}
              label="Timeframe"
              value={measured.timeframe}
              options={timeframeOptions}
              onPick={(timeframe) => set({ timeframe })}
            />
            <SourceField path={path} draft={measured} symbols={lists.symbols} onChange={set} />
          </>
        )}
        <TextOf
          of={part}
          name="tieRate"
          label="Ties, %"
          inputMode="decimal"
          help={`Of all trades; a tie gives the stake back. Empty: ${rate === 'measured' ? 'as measured' : 'none'}.`}
        />
      </div>
      {rate === 'measured' && info && (
        <ParamFields
          path={`${path}.params`}
          info={info}
          values={measured.params}
          onChange={(params) => set({ params })}
        />
      )}
      {rate === 'measured' && (
        <MoreFields title="On which candles it is measured">
          <SpanFields {...part} plan={lists.plan} />
        </MoreFields>
      )}
    </fieldset>
  )
}
