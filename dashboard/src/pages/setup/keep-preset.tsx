import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Preset, StrategyInfo } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { SelectField, TextField } from '../../parts/field.js'
import { FormErrors } from '../../parts/form-errors.js'
import { Modal } from '../../parts/modal.js'
import { useForm } from '../../parts/use-form.js'
import { type StrategyDraft, strategyOf } from './draft.js'

interface KeepPresetProps {
  readonly draft: StrategyDraft
  readonly catalogue: readonly StrategyInfo[]
  readonly presets: readonly Preset[]
  readonly onClose: () => void
}

/** Keeps strategy, parameters and timeframe as a preset: a new one, or in the place of one's own. */
export function KeepPreset({ draft, catalogue, presets, onClose }: KeepPresetProps) {
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
    <Modal
      open
      onOpenChange={(open) => !open && onClose()}
      title="Keep as a preset"
      description="Strategy, parameters and timeframe. Stakes and limits stay with the bot."
    >
      <form
        className="stack"
        {...form.formProps}
        onSubmit={(event) => {
          // In React this form is inside of the one of the page, which must not be sent with it.
          event.stopPropagation()
          form.formProps.onSubmit(event)
        }}
      >
        <FormErrors form={form} />
        {own.length > 0 && (
          <SelectField
            name="replaces"
            label="Keep it as"
            value={replaced}
            options={[
              { value: '', label: 'A new preset' },
              ...own.map(({ id, name }) => ({ value: id, label: `In the place of ${name}` })),
            ]}
            onChange={(event) => setReplaced(event.target.value)}
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
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={form.busy}>
            Keep the preset
          </Button>
        </div>
      </form>
    </Modal>
  )
}
