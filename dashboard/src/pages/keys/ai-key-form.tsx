import { useQueryClient } from '@tanstack/react-query'
import type { AiProvider } from '../../api/types.js'
import { useApp } from '../../app.js'
import { DialogForm } from '../../parts/dialog-form.js'
import { SelectField, TextField } from '../../parts/field.js'
import { optionsOf } from '../../parts/pick-field.js'
import { useForm } from '../../parts/use-form.js'

export const providerNames: Readonly<Record<AiProvider, string>> = {
  deepseek: 'DeepSeek',
  openai: 'OpenAI',
  gemini: 'Google Gemini',
}
const providers = optionsOf(providerNames)

export function AiKeyForm({ onClose }: { onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const form = useForm(['provider', 'apiKey', 'label'], async ({ provider, apiKey = '', label = '' }) => {
    const body = { provider, apiKey: apiKey.trim(), ...(label.trim() && { label: label.trim() }) }
    await client.post('/keys/ai', { body, once: true })
    await queries.invalidateQueries({ queryKey: ['/keys/ai'] })
    onClose()
  })
  return (
    <DialogForm form={form} action="Store the key" onClose={onClose}>
      <SelectField name="provider" label="Provider" options={providers} error={form.errorAt.provider} />
      <TextField name="label" label="Label (optional)" maxLength={60} error={form.errorAt.label} />
      <TextField
        name="apiKey"
        label="API key"
        type="password"
        autoComplete="off"
        spellCheck={false}
        required
        minLength={8}
        error={form.errorAt.apiKey}
      />
    </DialogForm>
  )
}
