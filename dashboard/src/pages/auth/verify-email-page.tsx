import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useApp } from '../../app.js'
import { Loading } from '../../parts/loaded.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import { AuthPage } from './auth-page.js'

const route = getRouteApi('/open/verify-email')

export function VerifyEmailPage() {
  const { client } = useApp()
  const { token } = route.useSearch()
  // A token works once; as a query it is sent once, however often the page is drawn.
  const { isSuccess, error } = useQuery({
    queryKey: ['verify-email', token],
    queryFn: async () => {
      await client.open('POST', '/auth/verify-email', { body: { token } })
      return true
    },
    enabled: token !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  return (
    <AuthPage title="Confirm your address">
      {token === '' && <Notice tone="bad">This link is not complete. Copy it whole from the mail.</Notice>}
      {token !== '' && !isSuccess && !error && <Loading what="Confirming" />}
      <ErrorNotice error={error}>
        If you have confirmed before, just sign in; a new mail comes when you sign up again.
      </ErrorNotice>
      {isSuccess && <Notice tone="good">Your address is confirmed.</Notice>}
      <p>
        <Link to="/sign-in" className={isSuccess ? 'button button-primary' : ''}>
          Sign in
        </Link>
      </p>
    </AuthPage>
  )
}
