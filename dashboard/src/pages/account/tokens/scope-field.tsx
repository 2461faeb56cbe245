import { useId } from 'react'
import { optionsOf } from '../../../parts/pick-field.js'
import { scopeHelp, scopes } from './token-words.js'

/** What a new token may do, each choice with what it means. */
export function ScopeField() {
  const id = useId()
  return (
    <fieldset>
      <legend>It may</legend>
      {optionsOf(scopes).map(({ value, label }) => (
        <div key={value}>
          <label className="choice">
            <input
              type="radio"
              name="scope"
              value={value}
              defaultChecked={value === 'read'}
              aria-describedby={`${id}-${value}`}
            />
            {label}
          </label>
          <p className="field-help" id={`${id}-${value}`}>
            {scopeHelp[value]}
          </p>
        </div>
      ))}
    </fieldset>
  )
}
