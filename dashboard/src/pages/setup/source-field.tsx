import type { SymbolInfo } from '../../api/types.js'
import type { StrategyDraft } from './draft.js'
import { SelectAt } from './text-at.js'

interface SourceFieldProps {
  readonly path: string
  readonly draft: Pick<StrategyDraft, 'symbols' | 'source'>
  readonly symbols: readonly SymbolInfo[]
  readonly onChange: (change: Pick<StrategyDraft, 'source'>) => void
}

/** Whose candles, where its symbols have them from several sources. Nothing where there is no choice. */
export function SourceField({ path, draft, symbols, onChange }: SourceFieldProps) {
  const own = symbols.filter(({ symbol }) => draft.symbols.includes(symbol)).map(({ source }) => source)
  const offered = [...new Set(draft.source === undefined ? own : [...own, draft.source])]
  if (offered.length < 2 && draft.source === undefined) return null
  return (
    <SelectAt
      path={`${path}.source`}
      label="Candles from"
      value={draft.source ?? ''}
      options={[
        { value: '', label: 'The usual source' },
        ...offered.map((source) => ({ value: source, label: source })),
      ]}
      onPick={(source) => onChange({ source: source === '' ? undefined : source })}
    />
  )
}
