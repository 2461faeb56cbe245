import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { TextField } from '../../parts/field.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import { useForm } from '../../parts/use-form.js'
import { AuthPage } from './auth-page.js'
import { DevOutbox } from './dev-outbox.js'

export function ForgotPasswordPage() {
  const { client } = useApp()
  const [sentTo, setSentTo] = useState('')
  const form = useForm(['email'], async ({ email = '' }) => {
    await client.open('POST', '/auth/forgot-password', { body: { email: email.trim() } })
    setSentTo(email.trim())
  })
  return (
    <AuthPage title="Forgot your password?">
      {form.done ? (
        <>
          <Notice tone="good">If {sentTo} has an account, a link to set a new password is on its way.</Notice>
          <DevOutbox email={sentTo} />
        </>
      ) : (
        <form className="stack" {...form.formProps}>
          <ErrorNotice error={form.error} />
          <TextField
            name="email"
            label="Email"
            type="email"
            autoComplete="username"
            required
            error={form.errorAt.email}
          />
          <Button look="primary" type="submit" busy={form.busy}>
            Send the link
          </Button>
        </form>
      )}
      <p>
        <Link to="/sign-in">Back to sign in</Link>
      </p>
    </AuthPage>
  )
}
