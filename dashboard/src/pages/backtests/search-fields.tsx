import type { StrategyInfo } from '../../api/types.js'
import { CheckField } from '../../parts/field.js'
import { words } from '../../parts/format.js'
import { MoreFields } from '../../parts/more-fields.js'
import { SelectAt, TextAt, TextOf } from '../setup/text-at.js'
import { emptyRange, firstSearch, type RangeDraft, type SearchDraft } from './search-draft.js'

interface SearchFieldsProps {
  readonly path: string
  readonly info: StrategyInfo
  readonly search: SearchDraft | undefined
  readonly onChange: (search: SearchDraft | undefined) => void
}

/** Other values of the parameters to try, walking forward. */
export function SearchFields({ path, info, search, onChange }: SearchFieldsProps) {
  const numbers = Object.entries(info.params.properties ?? {}).filter(
    ([, { type }]) => type === 'integer' || type === 'number',
  )
  if (numbers.length === 0) return null
  const set = (change: Partial<SearchDraft>) => search && onChange({ ...search, ...change })
  const part = { path, draft: search ?? firstSearch, onChange: set }
  return (
    <fieldset>
      <legend>Other parameters</legend>
      <CheckField
        name={`${path}.on`}
        label="Try other values too, and judge them by candles they were not chosen on"
        checked={search !== undefined}
        onChange={(event) => onChange(event.target.checked ? firstSearch : undefined)}
      />
      {search && (
        <>
          {numbers.map(([name, { title }]) => (
            <RangeFields
              key={name}
              path={`${path}.ranges.${name}`}
              label={title ?? words(name)}
              range={search.ranges[name] ?? emptyRange}
              onChange={(range) => set({ ranges: { ...search.ranges, [name]: range } })}
            />
          ))}
          <div className="fields">
            <SelectAt
              path={`${path}.search`}
              label="Try"
              value={search.kind}
              options={[
                { value: 'grid', label: 'Every combination' },
                { value: 'random', label: 'Some at random' },
              ]}
              onPick={(kind) => set({ kind })}
            />
            <TextOf
              of={part}
              name="variants"
              label="Variants at most"
              inputMode="numeric"
              help="1 to 500. The more are tried, the more luck is among them."
            />
            <TextOf
              of={part}
              name="windows"
              label="Windows"
              inputMode="numeric"
              help="1 to 12, each with a choice and a test after it."
            />
          </div>
          <MoreFields title="How a variant is chosen">
            <div className="fields">
              <SelectAt
                path={`${path}.score`}
                label="The best has the highest"
                value={search.score}
                options={[
                  { value: 'mean-return', label: 'Profit for each unit staked' },
                  { value: 'win-rate', label: 'Win rate' },
                  { value: 'profit', label: 'Profit in money' },
                ]}
                onPick={(score) => set({ score })}
              />
              <TextOf
                of={part}
                name="minTrades"
                label="Trades at least"
                inputMode="numeric"
                help="Wins and losses in training; with fewer a variant is not chosen."
              />
              <TextOf
                of={part}
                name="trainShare"
                label="Train on, % of a window"
                inputMode="decimal"
                help="50 to 90; the rest tests."
              />
              {search.kind === 'random' && (
                <TextOf
                  of={part}
                  name="seed"
                  label="Seed"
                  inputMode="numeric"
                  placeholder="Any"
                  help="The same seed tries the same variants."
                />
              )}
            </div>
          </MoreFields>
        </>
      )}
    </fieldset>
  )
}

interface RangeFieldsProps {
  readonly path: string
  readonly label: string
  readonly range: RangeDraft
  readonly onChange: (range: RangeDraft) => void
}

/** From, to and step of one parameter. A fault of the range is shown at its begin. */
function RangeFields({ path, label, range, onChange }: RangeFieldsProps) {
  const field = (at: string, part: keyof RangeDraft, name: string, placeholder: string) => (
    <TextAt
      path={at}
      label={name}
      inputMode="decimal"
      placeholder={placeholder}
      value={range[part]}
      onText={(text) => onChange({ ...range, [part]: text })}
    />
  )
  return (
    <div className="fields">
      {field(path, 'from', `${label}, from`, 'As it is')}
      {field(`${path}.to`, 'to', `${label}, to`, 'As it is')}
      {field(`${path}.step`, 'step', `${label}, in steps of`, 'Usual')}
    </div>
  )
}
