import type { Texts } from './draft.js'
import { TextAt } from './text-at.js'

/** One limit of a bot or a strategy, as its form asks for it. */
export interface Limit {
  readonly name: string
  readonly label: string
  readonly help: string
  /** Decimal unless said. */
  readonly inputMode?: 'decimal' | 'numeric'
  /** What an empty field means; "No limit" unless said. */
  readonly whenEmpty?: string
}

interface LimitFieldsProps {
  readonly path: string
  readonly limits: readonly Limit[]
  readonly risk: Texts
  readonly onChange: (risk: Texts) => void
}

export function LimitFields({ path, limits, risk, onChange }: LimitFieldsProps) {
  return (
    <div className="fields">
      {limits.map(({ name, label, help, inputMode = 'decimal', whenEmpty = 'No limit' }) => (
        <TextAt
          key={name}
          path={`${path}.${name}`}
          label={label}
          help={help}
          inputMode={inputMode}
          placeholder={whenEmpty}
          value={risk[name] ?? ''}
          onText={(text) => onChange({ ...risk, [name]: text })}
        />
      ))}
    </div>
  )
}
