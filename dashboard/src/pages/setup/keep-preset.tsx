import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Preset, StrategyInfo } from '../../api/types.js'
import { useApp } from '../../app.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { DialogForm } from '../../parts/dialog-form.js'
import { TextField } from '../../parts/field.js'
import { PickField } from '../../parts/pick-field.js'
import { useForm } from '../../parts/use-form.js'
import { type StrategyDraft, strategyOf } from './draft.js'

interface KeepPresetProps {
  readonly draft: StrategyDraft
  readonly catalogue: readonly StrategyInfo[]
  readonly presets: readonly Preset[]
}

/** Keeps strategy, parameters and timeframe as a preset: a new one, or in the place of one's own. */
export function KeepPreset(props: KeepPresetProps) {
  return (
    <DialogButton
      trigger={{
        children: 'Keep as a preset',
        'aria-label': `Keep ${props.draft.name || 'this strategy'} as a preset`,
      }}
      title="Keep as a preset"
      description="Strategy, parameters and timeframe. Stakes and limits stay with the bot."
    >
      {(close) => <KeepForm {...props} onClose={close} />}
    </DialogButton>
  )
}

function KeepForm({ draft, catalogue, presets, onClose }: KeepPresetProps & { onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const own = presets.filter(({ builtIn }) => !builtIn)
  const [replaced, setReplaced] = useState('')
  const kept = own.find(({ id }) => id === replaced)
  const form = useForm(['name', 'summary'], async ({ name = '', summary = '' }) => {
    const { strategy, params, timeframe } = strategyOf(draft, catalogue)
    const body = { name: name.trim(), summary: summary.trim(), strategy, params, timeframe }
    if (kept) await client.put(`/presets/${kept.id}`, { body })
    else await client.post('/presets', { body, once: true })
    await queries.invalidateQueries({ queryKey: ['/presets'] })
    onClose()
  })
  return (
    <DialogForm form={form} action="Keep the preset" onClose={onClose}>
      {own.length > 0 && (
        <PickField
          name="replaces"
          label="Keep it as"
          value={replaced}
          options={[
            { value: '', label: 'A new preset' },
            ...own.map(({ id, name }) => ({ value: id, label: `In the place of ${name}` })),
          ]}
          onPick={setReplaced}
        />
      )}
      <TextField
        key={`name ${replaced}`}
        name="name"
        label="Name"
        required
        maxLength={60}
        defaultValue={kept?.name ?? draft.name}
        error={form.errorAt.name}
      />
      <TextField
        key={`summary ${replaced}`}
        name="summary"
        label="What it is for (optional)"
        maxLength={500}
        defaultValue={kept?.summary ?? ''}
        error={form.errorAt.summary}
      />
    </DialogForm>
  )
}
