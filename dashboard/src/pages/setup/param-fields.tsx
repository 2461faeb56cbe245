import type { ParamSchema, StrategyInfo } from '../../api/types.js'
import { sentenceCase, words } from '../../parts/format.js'
import type { Texts } from './draft.js'
import { SelectAt, TextAt } from './text-at.js'

interface ParamFieldsProps {
  readonly path: string
  readonly info: StrategyInfo
  readonly values: Texts
  readonly onChange: (values: Texts) => void
}

/** The strategy's own parameters, drawn from its JSON Schema. */
export function ParamFields({ path, info, values, onChange }: ParamFieldsProps) {
  const properties = Object.entries(info.params.properties ?? {})
  if (properties.length === 0) return null
  return (
    <fieldset>
      <legend>Parameters</legend>
      <div className="fields">
        {properties.map(([name, schema]) => {
          const common = { path: `${path}.${name}`, label: schema.title ?? words(name), help: helpOf(schema) }
          const value = values[name] ?? ''
          const set = (text: string) => onChange({ ...values, [name]: text })
          const choices = schema.enum?.map(String) ?? (schema.type === 'boolean' ? ['true', 'false'] : undefined)
          return choices ? (
            <SelectAt
              key={name}
              {...common}
              value={value}
              options={choices.map((choice) => ({ value: choice, label: words(choice) }))}
              onPick={set}
            />
          ) : (
            <TextAt
              key={name}
              {...common}
              value={value}
              onText={set}
              inputMode={schema.type === 'integer' ? 'numeric' : schema.type === 'number' ? 'decimal' : 'text'}
              placeholder={schema.default === undefined ? undefined : String(schema.default)}
            />
          )
        })}
      </div>
    </fieldset>
  )
}

function helpOf({ description, minimum, maximum, default: byDefault }: ParamSchema): string {
  const range = minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}` : undefined
  const usual = byDefault === undefined ? undefined : `usually ${byDefault}`
  const facts = [range, usual].filter(Boolean).join(', ')
  return `${[description, facts && sentenceCase(facts)].filter(Boolean).join('. ')}.`
}
