import type { Preset } from '../../api/types.js'
import { PickField } from '../../parts/pick-field.js'
import { type StrategyDraft, settingsOf } from './draft.js'

interface PresetSelectProps {
  readonly path: string
  readonly presets: readonly Preset[]
  readonly onPick: (settings: Partial<StrategyDraft>) => void
}

/** Fills strategy, parameters and timeframe from a preset. Nothing where there are none. */
export function PresetSelect({ path, presets, onPick }: PresetSelectProps) {
  if (presets.length === 0) return null
  const options = presets.map(({ id, name, builtIn }) => ({ value: id, label: builtIn ? name : `Yours: ${name}` }))
  return (
    <PickField
      name={`${path}.preset`}
      label="Preset"
      options={[{ value: '', label: 'Choose one to fill this in' }, ...options]}
      value=""
      onPick={(picked) => {
        const preset = presets.find(({ id }) => id === picked)
        if (preset) onPick(settingsOf(preset))
      }}
      help="Sets strategy, parameters and timeframe. No preset has an edge of its own."
    />
  )
}
