import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ExchangeKey } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Badge } from '../../parts/badge.js'
import { Button } from '../../parts/button.js'
import { Confirm } from '../../parts/confirm.js'
import { Fact, Facts } from '../../parts/facts.js'
import { money, words } from '../../parts/format.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import { Section } from '../../parts/page.js'
import { Time } from '../../parts/time.js'
import type { Tone } from '../../parts/tone.js'
import { findBroker } from './brokers.js'
import { KeyForm } from './key-form.js'
import { useKeyTest } from './use-key-test.js'

const tones: Readonly<Record<string, Tone>> = { ok: 'good', failed: 'bad' }

export function KeyCard({ stored }: { stored: ExchangeKey }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [replacing, setReplacing] = useState(false)
  const test = useKeyTest(stored.id)
  const { id, broker, label, environment, hint, status, balance, lastConnectedAt, createdAt } = stored
  const title = label ?? findBroker(broker).label
  const remove = async () => {
    await client.delete(`/keys/exchange/${id}`)
    await queries.invalidateQueries({ queryKey: ['/keys/exchange'] })
  }
  return (
    <Section title={title} actions={<Badge tone={tones[status] ?? 'none'}>{words(status)}</Badge>}>
      <Facts>
        <Fact name="Broker">{words(broker)}</Fact>
        <Fact name="Environment">{words(environment)}</Fact>
        <Fact name="Key ends in">
          <code>…{hint}</code>
        </Fact>
        <Fact name="Balance">{balance ? money(balance.amount, balance.currency) : '–'}</Fact>
        <Fact name="Last connected">
          <Time at={lastConnectedAt} />
        </Fact>
        <Fact name="Stored">
          <Time at={createdAt} />
        </Fact>
      </Facts>
      {test.isRunning && (
        <div role="status">
          <p className="muted">Asking the broker…</p>
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
      <ErrorNotice error={test.error} />
      <div className="actions">
        <Button busy={test.isRunning} onClick={test.start}>
          Test
        </Button>
        <Button onClick={() => setReplacing(true)}>Replace</Button>
        <Confirm
          trigger={{ look: 'danger', children: 'Delete' }}
          title={`Delete ${title}?`}
          action="Delete the key"
          onConfirm={remove}
        >
          It is erased here. Delete it at the broker as well if nobody else uses it.
        </Confirm>
      </div>
      {replacing && <KeyForm replaces={stored} onClose={() => setReplacing(false)} />}
    </Section>
  )
}
