import { useId } from 'react'
import type { SymbolInfo } from '../../api/types.js'
import { useFieldAt } from './field-errors.js'

interface SymbolFieldsProps {
  readonly path: string
  readonly symbols: readonly SymbolInfo[]
  readonly chosen: readonly string[]
  readonly onChange: (symbols: readonly string[]) => void
}

/** A box for each symbol of the feed, and for those chosen before that it does not have now. */
export function SymbolFields({ path, symbols, chosen, onChange }: SymbolFieldsProps) {
  const { name, error } = useFieldAt(path)
  const offered = [...new Set([...symbols.map(({ symbol }) => symbol), ...chosen])]
  const errorId = useId()
  return (
    <fieldset aria-describedby={error ? errorId : undefined}>
      <legend>Symbols</legend>
      {error && (
        <p className="field-error" id={errorId}>
          {error}
        </p>
      )}
      <div className="choices">
        {offered.length === 0 && <p className="muted">The market feed has told no symbols yet.</p>}
        {offered.map((symbol) => (
          <div className="field field-check" key={symbol}>
            <label>
              <input
                type="checkbox"
                name={name}
                value={symbol}
                checked={chosen.includes(symbol)}
                aria-invalid={error ? true : undefined}
                onChange={({ target }) =>
                  onChange(target.checked ? [...chosen, symbol] : chosen.filter((other) => other !== symbol))
                }
              />
              {symbol}
              {!symbols.some((one) => one.symbol === symbol) && ' (not in the feed now)'}
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  )
}
