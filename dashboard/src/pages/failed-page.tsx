import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Button } from '../parts/button.js'
import { ErrorNotice } from '../parts/notice.js'
import { Page } from '../parts/page.js'
import { OpenTop } from './layouts.js'

/** A page that could not be shown, with a way to try again. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <Page title="This page could not be opened">
      <ErrorNotice error={error} />
      <div className="actions">
        <Button
          look="primary"
          onClick={() => {
            reset()
            void router.invalidate()
          }}
        >
          Try again
        </Button>
      </div>
    </Page>
  )
}

export function NotFoundPage() {
  return (
    <>
      <OpenTop />
      <Page title="There is no such page">
        <p>
          The address may be mistyped. <Link to="/">Go to your bot</Link>
        </p>
      </Page>
    </>
  )
}
