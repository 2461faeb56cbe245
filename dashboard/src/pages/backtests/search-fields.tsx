import type { StrategyInfo } from '../../api/types.js'
import { CheckField } from '../../parts/field.js'
import { words } from '../../parts/format.js'
import { SelectAt, TextAt } from '../setup/text-at.js'
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
            <TextAt
              path={`${path}.variants`}
              label="Variants at most"
              inputMode="numeric"
              value={search.variants}
              onText={(variants) => set({ variants })}
              help="1 to 500. The more are tried, the more luck is among them."
            />
            <TextAt
              path={`${path}.windows`}
              label="Windows"
              inputMode="numeric"
              value={search.windows}
              onText={(windows) => set({ windows })}
              help="1 to 12, each with a choice and a test after it."
            />
          </div>
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
