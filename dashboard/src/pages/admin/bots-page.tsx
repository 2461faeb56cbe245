import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AdminBot, BotWord } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Badge } from '../../parts/badge.js'
import { Button } from '../../parts/button.js'
import { bytes, words } from '../../parts/format.js'
import { Page, Section } from '../../parts/page.js'
import { Pages, usePages } from '../../parts/pages.js'
import { all, optionsOf, PickField } from '../../parts/pick-field.js'
import { type Column, Table } from '../../parts/table.js'
import { Time } from '../../parts/time.js'
import { statusTitles, statusTones } from '../bot/status-words.js'
import { ForceStop } from './force-stop.js'
import { Nodes } from './nodes.js'
import { Numbers } from './numbers.js'
import { ReleaseHold } from './release-hold.js'
import { useMayAct } from './use-may-act.js'

const options = [all, ...optionsOf(statusTitles)]

const facts: readonly Column<AdminBot>[] = [
  { head: 'Subscriber', cell: ({ email }) => email },
  {
    head: 'Status',
    cell: ({ status, hold }) => (
      <span>
        <Badge tone={statusTones[status]}>{statusTitles[status]}</Badge>{' '}
        {hold && <Badge tone="warning">Held: {words(hold).toLowerCase()}</Badge>}
      </span>
    ),
  },
  { head: 'Node', cell: ({ run }) => run?.node ?? '–' },
  { head: 'Heartbeat', cell: ({ run }) => <Time at={run?.lastHeartbeatAt ?? null} /> },
  {
    head: 'Memory',
    align: 'end',
    cell: ({ run }) => (run?.memoryBytes === null || run?.memoryBytes === undefined ? '–' : bytes(run.memoryBytes)),
  },
]

const commands: Column<AdminBot> = {
  head: 'Commands',
  cell: (bot) => (
    <span className="actions">{bot.hold === 'admin' ? <ReleaseHold bot={bot} /> : <ForceStop bot={bot} />}</span>
  ),
}

/** Each look is a row of the audit, so the page looks by itself only while something is under way. */
function isChanging({ status }: AdminBot): boolean {
  return status === 'starting' || status === 'stopping'
}

export function AdminBotsPage() {
  const { client } = useApp()
  const queries = useQueryClient()
  const mayAct = useMayAct()
  const [status, setStatus] = useState<BotWord | ''>('')
  const query = usePages<AdminBot>(client, '/admin/bots', { status: status || undefined }, (bots) =>
    bots.some(isChanging) ? 2_000 : false,
  )
  const lookAgain = () => {
    for (const path of ['/admin/bots', '/admin/stats', '/admin/nodes'])
      void queries.invalidateQueries({ queryKey: [path] })
  }
  const columns = mayAct ? [...facts, commands] : facts
  return (
    <Page title="Bots">
      <Section title="Now">
        <Numbers />
      </Section>
      <Section
        title="All bots"
        actions={
          <Button busy={query.isRefetching} onClick={lookAgain}>
            Look again
          </Button>
        }
      >
        <div className="picker">
          <PickField name="bot-status" label="Status" options={options} value={status} onPick={setStatus} />
        </div>
        <Pages query={query} empty={status === '' ? 'Nobody has a bot yet.' : 'No bot has this status.'}>
          {(bots) => <Table caption="Bots" columns={columns} rows={bots} rowKey={({ id }) => id} />}
        </Pages>
      </Section>
      <Section title="Nodes">
        <Nodes />
      </Section>
    </Page>
  )
}
