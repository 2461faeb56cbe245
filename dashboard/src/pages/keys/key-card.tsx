import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import type { AiKey, ExchangeKey } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Badge } from '../../parts/badge.js'
import { Button } from '../../parts/button.js'
import { Confirm } from '../../parts/confirm.js'
import { Fact, Facts } from '../../parts/facts.js'
import { words } from '../../parts/format.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import { Time } from '../../parts/time.js'
import type { Tone } from '../../parts/tone.js'
import { type KeyList, useKeyTest } from './use-key-test.js'

const tones: Readonly<Record<string, Tone>> = { ok: 'good', failed: 'bad' }

interface KeyCardProps {
  readonly stored: AiKey | ExchangeKey
  /** Where keys of its kind are listed. */
  readonly list: KeyList
  readonly title: string
  /** More facts than those of every key. */
  readonly facts?: ReactNode
  /** More buttons, between testing and deleting. */
  readonly actions?: ReactNode
}

/** A stored key: what is known of it, a test, and its end. */
export function KeyCard({ stored, list, title, facts, actions }: KeyCardProps) {
  const { client } = useApp()
  const queries = useQueryClient()
  const heading = useId()
  const { id, hint, status, lastTest, createdAt } = stored
  const test = useKeyTest(id, list)
  const remove = async () => {
    await client.delete(`${list}/${id}`)
    await queries.invalidateQueries({ queryKey: [list] })
  }
  return (
    <article className="card" aria-labelledby={heading}>
      <div className="section-head">
        <h3 id={heading}>{title}</h3>
        <Badge tone={tones[status] ?? 'none'}>{words(status)}</Badge>
      </div>
      <Facts>
        {facts}
        <Fact name="Key ends in">
          <code>…{hint}</code>
        </Fact>
        <Fact name="Last test">
          <Time at={lastTest?.at ?? null} />
        </Fact>
        <Fact name="Stored">
          <Time at={createdAt} />
        </Fact>
      </Facts>
      {test.isRunning && (
        <div role="status">
          <p className="muted">Asking whether it works…</p>
          <progress aria-label="Testing the key" />
        </div>
      )}
      {test.result && (
        <Notice
          tone={test.result.status === 'ok' ? 'good' : 'bad'}
          title={test.result.status === 'ok' ? 'The key works.' : 'The test failed.'}
        >
          {test.result.detail}
        </Notice>
      )}
      {!test.result && !test.isRunning && status === 'failed' && lastTest && (
        <p className="muted">The last test failed: {lastTest.detail}</p>
      )}
      <ErrorNotice error={test.error} />
      <div className="actions">
        <Button busy={test.isRunning} onClick={test.start} aria-label={`Test ${title}`}>
          Test
        </Button>
        {actions}
        <Confirm
          trigger={{ look: 'danger', children: 'Delete', 'aria-label': `Delete ${title}` }}
          title={`Delete ${title}?`}
          action="Delete the key"
          onConfirm={remove}
        >
          It is erased here. Delete it where you made it as well if nobody else uses it.
        </Confirm>
      </div>
    </article>
  )
}
