import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { CreatedApiToken } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { CopyField } from '../../../parts/copy-field.js'
import { DialogButton } from '../../../parts/dialog-button.js'
import { DialogForm } from '../../../parts/dialog-form.js'
import { DialogResult } from '../../../parts/dialog-result.js'
import { SelectField, TextField } from '../../../parts/field.js'
import { Notice } from '../../../parts/notice.js'
import { useForm } from '../../../parts/use-form.js'
import { ScopeField } from './scope-field.js'
import { curlLine, lifetimes, newToken } from './token-words.js'

export function NewToken() {
  return (
    <DialogButton
      stays
      trigger={{ look: 'primary', children: 'New token' }}
      title="New API token"
      description="Whoever has it can do with your bot what it allows, so keep it like a password."
    >
      {(close) => <TokenForm onClose={close} />}
    </DialogButton>
  )
}

function TokenForm({ onClose }: { onClose: () => void }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [made, setMade] = useState<CreatedApiToken>()
  const form = useForm(['name', 'days', 'apiAccess'], async (values) => {
    try {
      setMade(await client.post<CreatedApiToken>('/users/me/tokens', { body: newToken(values) }))
    } finally {
      // It may have been made though no answer came.
      void queries.invalidateQueries({ queryKey: ['/users/me/tokens'] })
    }
  })
  if (made) return <Made token={made.token} onClose={onClose} />
  return (
    <DialogForm form={form} action="Make the token" onClose={onClose}>
      {form.errorAt.apiAccess && (
        <Notice tone="bad" title="Your plan has no API access now.">
          <Link to="/billing">All plans</Link>
        </Notice>
      )}
      <TextField
        name="name"
        label="Name"
        required
        maxLength={60}
        help="Of the program that will use it, for example."
        error={form.errorAt.name}
      />
      <ScopeField />
      <SelectField name="days" label="Works for" options={lifetimes} defaultValue="90" error={form.errorAt.days} />
    </DialogForm>
  )
}

function Made({ token, onClose }: { token: string; onClose: () => void }) {
  return (
    <DialogResult
      title="The token is ready."
      text="Copy it now: it is shown this once and never again. If it is lost, delete it and make another."
      onClose={onClose}
    >
      <CopyField name="api-token" label="Token" text={token} />
      <CopyField name="api-token-call" label="Try it in a shell" text={curlLine(location.origin, token)} />
    </DialogResult>
  )
}
