import { useState } from 'react'
import { useApp, useUser } from '../../app.js'
import { Confirm } from '../../parts/confirm.js'
import { TextField } from '../../parts/field.js'
import { Section } from '../../parts/page.js'

/** Erasing an account asks for its address, so that nobody does it by mistake. */
export function DeleteAccount() {
  const { client, session } = useApp()
  const email = useUser()?.email ?? ''
  const [typed, setTyped] = useState('')
  const remove = async () => {
    await client.delete('/users/me')
    session.set({ kind: 'signed-out' })
  }
  return (
    <Section title="Delete the account">
      <p>
        Your bot is stopped first, with proof. Then your keys, set-up, trades and logs are erased. This cannot be
        undone.
      </p>
      <div className="fields">
        <TextField
          name="confirm-email"
          label="Type your email to go on"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <div className="form-actions">
        <Confirm
          trigger={{ look: 'danger', children: 'Delete my account', disabled: email === '' || typed.trim() !== email }}
          title="Delete your account?"
          action="Delete for ever"
          onConfirm={remove}
        >
          Everything of {email} is erased as soon as your bot has stopped.
        </Confirm>
      </div>
    </Section>
  )
}
