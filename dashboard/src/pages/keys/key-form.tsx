import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ExchangeKey } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { SelectField, TextField } from '../../parts/field.js'
import { Modal } from '../../parts/modal.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import { type FormValues, useForm } from '../../parts/use-form.js'
import { brokers, findBroker } from './brokers.js'

const environments = [
  { value: 'testnet', label: 'Testnet: no real money' },
  { value: 'live', label: 'Live account' },
]

/** Stores a new key, or with `replaces` new credentials for a stored one (it keeps its place in the strategies). */
export function KeyForm({ replaces, onClose }: { replaces?: ExchangeKey; onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [broker, setBroker] = useState(replaces?.broker ?? brokers[0].value)
  const { fields, help } = findBroker(broker)
  const paths = fields.map(({ name }) => `credentials.${name}`)

  const form = useForm(['label', 'environment', 'broker', ...paths], async (values) => {
    const credentials = Object.fromEntries(fields.map(({ name }) => [name, trimmed(values, `credentials.${name}`)]))
    const label = trimmed(values, 'label')
    if (replaces) await client.put(`/keys/exchange/${replaces.id}`, { body: { credentials } })
    else {
      const body = { broker, environment: values.environment, ...(label && { label }), credentials }
      await client.post('/keys/exchange', { body, once: true })
    }
    await queries.invalidateQueries({ queryKey: ['/keys/exchange'] })
    onClose()
  })

  return (
    <Modal
      open
      onOpenChange={(open) => !open && onClose()}
      title={replaces ? 'Replace the key' : 'Add a broker key'}
      description={replaces ? 'Strategies that use it go on with the new one.' : help}
    >
      <form className="stack" autoComplete="off" {...form.formProps}>
        <ErrorNotice error={form.error} />
        {form.error !== undefined &&
          form.others.map((message) => (
            <Notice key={message} tone="bad">
              {message}
            </Notice>
          ))}
        {!replaces && (
          <>
            <SelectField
              name="broker"
              label="Broker"
              options={brokers}
              value={broker}
              onChange={(event) => setBroker(event.target.value)}
              error={form.errorAt.broker}
            />
            <SelectField
              name="environment"
              label="Environment"
              options={environments}
              defaultValue="testnet"
              error={form.errorAt.environment}
            />
            <TextField name="label" label="Label (optional)" maxLength={60} error={form.errorAt.label} />
          </>
        )}
        {fields.map(({ name, label, secret }) => (
          <TextField
            key={name}
            name={`credentials.${name}`}
            label={label}
            type={secret ? 'password' : 'text'}
            autoComplete="off"
            spellCheck={false}
            required
            error={form.errorAt[`credentials.${name}`]}
          />
        ))}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={form.busy}>
            {replaces ? 'Replace' : 'Store the key'}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function trimmed(values: FormValues, name: string): string {
  return (values[name] ?? '').trim()
}
