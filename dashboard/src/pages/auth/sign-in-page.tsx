import { getRouteApi, Link, useNavigate, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError } from '../../api/problem.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { TextField } from '../../parts/field.js'
import { ErrorNotice } from '../../parts/notice.js'
import { useForm } from '../../parts/use-form.js'
import { AuthPage } from './auth-page.js'

const route = getRouteApi('/open/sign-in')

export function SignInPage() {
  const { client } = useApp()
  const { to } = route.useSearch()
  const navigate = useNavigate()
  const router = useRouter()
  const [email, setEmail] = useState('')
  const form = useForm(['email', 'password'], async ({ password = '' }) => {
    await client.signIn(email.trim(), password)
    if (to === undefined) await navigate({ to: '/' })
    else router.history.push(to)
  })
  const unverified = form.error instanceof ApiError && form.error.code === 'email-not-verified'
  return (
    <AuthPage title="Sign in">
      <form className="stack" {...form.formProps}>
        <ErrorNotice error={form.error}>
          {unverified && (
            <Link to="/check-mail" search={{ email: email.trim() }}>
              Find the mail
            </Link>
          )}
        </ErrorNotice>
        <TextField
          name="email"
          label="Email"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={form.errorAt.email}
        />
        <TextField
          name="password"
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          error={form.errorAt.password}
        />
        <Button look="primary" type="submit" busy={form.busy}>
          Sign in
        </Button>
      </form>
      <p>
        <Link to="/forgot-password">Forgot your password?</Link>
      </p>
      <p>
        New here? <Link to="/sign-up">Create an account</Link>
      </p>
    </AuthPage>
  )
}
