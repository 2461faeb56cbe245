import { Link, useNavigate } from '@tanstack/react-router'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { TextField } from '../../parts/field.js'
import { ErrorNotice } from '../../parts/notice.js'
import { useForm } from '../../parts/use-form.js'
import { readersLocale } from '../mail-language.js'
import { AuthPage } from './auth-page.js'
import { NewPasswordField } from './new-password-field.js'

export function SignUpPage() {
  const { client } = useApp()
  const navigate = useNavigate()
  const form = useForm(['email', 'password', 'name'], async ({ email = '', password = '', name = '' }) => {
    const locale = readersLocale(navigator.languages)
    const body = { email: email.trim(), password, ...(name.trim() && { name: name.trim() }), ...(locale && { locale }) }
    await client.open('POST', '/auth/register', { body })
    await navigate({ to: '/check-mail', search: { email: email.trim() } })
  })
  return (
    <AuthPage title="Create your account">
      <form className="stack" {...form.formProps}>
        <ErrorNotice error={form.error} />
        <TextField name="name" label="Name (optional)" autoComplete="name" maxLength={100} error={form.errorAt.name} />
        <TextField name="email" label="Email" type="email" autoComplete="email" required error={form.errorAt.email} />
        <NewPasswordField error={form.errorAt.password} />
        <Button look="primary" type="submit" busy={form.busy}>
          Create account
        </Button>
      </form>
      <p>
        Already have an account? <Link to="/sign-in">Sign in</Link>
      </p>
    </AuthPage>
  )
}
