import { useQueryClient } from '@tanstack/react-query'
import { type ComponentProps, useState } from 'react'
import type { Broker, ExchangeKey } from '../../api/types.js'
import { useApp } from '../../app.js'
import { DialogForm } from '../../parts/dialog-form.js'
import { SelectField, TextField } from '../../parts/field.js'
import { Loaded } from '../../parts/loaded.js'
import { Notice } from '../../parts/notice.js'
import { PickField } from '../../parts/pick-field.js'
import { useForm } from '../../parts/use-form.js'

export type BrokersQuery = ComponentProps<typeof Loaded<readonly Broker[]>>['query']

interface BrokerKeyFormProps {
  readonly brokers: BrokersQuery
  /** A stored key that gets new credentials and keeps its place in the strategies. */
  readonly replaces?: ExchangeKey
  readonly onClose: () => void
}

/** Stores a new key, or new credentials for a stored one. */
export function BrokerKeyForm({ brokers, replaces, onClose }: BrokerKeyFormProps) {
  return (
    <Loaded query={brokers}>
      {(all) => {
        const own = all.filter((one) => one.credentialFields.length > 0 && (!replaces || one.id === replaces.broker))
        return own.length === 0 ? (
          <Notice tone="warning">Sath does not know this broker any more.</Notice>
        ) : (
          <Fields brokers={own} onClose={onClose} {...(replaces && { replaces })} />
        )
      }}
    </Loaded>
  )
}

const environments = [
  { value: 'testnet', label: 'Testnet: no real money' },
  { value: 'live', label: 'Live account' },
]

function Fields({ brokers, replaces, onClose }: Omit<BrokerKeyFormProps, 'brokers'> & { brokers: readonly Broker[] }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [picked, setPicked] = useState(brokers[0]?.id ?? '')
  const broker = brokers.find(({ id }) => id === picked)
  const fields = broker?.credentialFields ?? []
  const paths = fields.map(({ name }) => `credentials.${name}`)

  const form = useForm(['label', 'environment', 'broker', ...paths], async (values) => {
    const credentials = Object.fromEntries(
      fields.map(({ name }) => [name, (values[`credentials.${name}`] ?? '').trim()]),
    )
    const label = (values.label ?? '').trim()
    if (replaces) await client.put(`/keys/exchange/${replaces.id}`, { body: { credentials } })
    else {
      const body = { broker: picked, environment: values.environment, ...(label && { label }), credentials }
      await client.post('/keys/exchange', { body, once: true })
    }
    await queries.invalidateQueries({ queryKey: ['/keys/exchange'] })
    onClose()
  })

  return (
    <DialogForm form={form} action={replaces ? 'Replace' : 'Store the key'} onClose={onClose}>
      {!replaces && (
        <>
          <PickField
            name="broker"
            label="Broker"
            options={brokers.map(({ id, name }) => ({ value: id, label: name }))}
            value={picked}
            onPick={setPicked}
            help={broker?.advice}
            error={form.errorAt.broker}
          />
          {broker?.trading === 'not-available' && (
            <Notice tone="info">Sath can store and test a key of {broker.name}. It does not trade there yet.</Notice>
          )}
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
    </DialogForm>
  )
}
