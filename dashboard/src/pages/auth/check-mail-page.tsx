import { getRouteApi, Link } from '@tanstack/react-router'
import { AuthPage } from './auth-page.js'
import { DevOutbox } from './dev-outbox.js'

const route = getRouteApi('/open/check-mail')

export function CheckMailPage() {
  const { email } = route.useSearch()
  return (
    <AuthPage title="Check your mail">
      <p>
        We have sent a link to <strong>{email || 'your address'}</strong>. Open it to confirm the address, then sign in.
      </p>
      <p className="muted">
        Nothing there after a few minutes? Look in the spam folder. If the address already has an account, the mail says
        so.
      </p>
      <DevOutbox email={email} />
      <p>
        <Link to="/sign-in">Go to sign in</Link>
      </p>
    </AuthPage>
  )
}
