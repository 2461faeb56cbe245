import { getRouteApi, Link } from '@tanstack/react-router'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import { useForm } from '../../parts/use-form.js'
import { AuthPage } from './auth-page.js'
import { NewPasswordField } from './new-password-field.js'

const route = getRouteApi('/open/reset-password')

export function ResetPasswordPage() {
  const { client } = useApp()
  const { token } = route.useSearch()
  const form = useForm(['password'], ({ password = '' }) =>
    client.open('POST', '/auth/reset-password', { body: { token, password } }),
  )
  return (
    <AuthPage title="Set a new password">
      {form.done ? (
        <Notice tone="good">Your new password is set, and every open session has ended.</Notice>
      ) : (
        <form className="stack" {...form.formProps}>
          <ErrorNotice error={form.error} />
          <NewPasswordField error={form.errorAt.password} />
          <Button look="primary" type="submit" busy={form.busy}>
            Set the password
          </Button>
        </form>
      )}
      <p>
        <Link to="/sign-in">Sign in</Link> · <Link to="/forgot-password">Send a new link</Link>
      </p>
    </AuthPage>
  )
}
