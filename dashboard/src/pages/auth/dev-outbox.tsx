import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Mail, Page } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { Notice } from '../../parts/notice.js'
import { mailLink } from './mail-link.js'

/** The mail itself, where Sath runs on the reader's own machine and sends none. Elsewhere there is nothing to show. */
export function DevOutbox({ email }: { email: string }) {
  const { client } = useApp()
  const { data } = useQuery({
    queryKey: ['/dev/outbox', email],
    queryFn: ({ signal }) => client.open<Page<Mail>>('GET', '/dev/outbox', { query: { to: email }, signal }),
    enabled: email !== '',
    retry: false,
    refetchInterval: ({ state }) => (state.error ? false : 2_000),
  })
  if (!data) return null
  const mail = data.items[0]
  if (!mail) return <Notice tone="info">This Sath sends no mail, it keeps it here. Waiting for yours…</Notice>
  return (
    <Notice tone="info" title="This Sath sends no mail">
      It runs on this machine and keeps its mail here.{' '}
      <DialogButton trigger={{ children: 'Open the mail' }} title={mail.subject} description={`To ${mail.to}`}>
        {(close) => (
          <>
            <div className="mail">{mail.text}</div>
            <div className="dialog-actions">
              <Button onClick={close}>Close</Button>
              {mail.links.map(mailLink).map(
                (link) =>
                  link && (
                    <Link
                      key={link.token}
                      className="button button-primary"
                      to={link.path}
                      search={{ token: link.token }}
                    >
                      Follow the link
                    </Link>
                  ),
              )}
            </div>
          </>
        )}
      </DialogButton>
    </Notice>
  )
}
