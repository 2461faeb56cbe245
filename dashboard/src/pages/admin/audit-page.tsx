import { useState } from 'react'
import type { AuditEntry } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Page, Section } from '../../parts/page.js'
import { Pages, usePages } from '../../parts/pages.js'
import { SearchField } from '../../parts/search-field.js'
import { ShortId } from '../../parts/short-id.js'
import { type Column, Table } from '../../parts/table.js'
import { Time } from '../../parts/time.js'
import { TimeField } from '../../parts/time-field.js'

const columns: readonly Column<AuditEntry>[] = [
  { head: 'When', cell: ({ time }) => <Time at={time} /> },
  { head: 'Who', cell: ({ actor }) => (actor ? <ShortId id={actor} /> : 'Sath') },
  { head: 'Did', cell: ({ action }) => <code>{action}</code> },
  { head: 'To', cell: ({ target }) => (target ? <ShortId id={target} /> : '–') },
  { head: 'From', cell: ({ address }) => address ?? '–' },
  { head: 'Details', cell: ({ fields }) => <Details fields={fields} /> },
]

function Details({ fields }: { fields: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(fields)
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  return (
    <span>{entries.length === 0 ? '–' : entries.map(([name, value]) => `${name}: ${text(value)}`).join(', ')}</span>
  )
}

export function AdminAuditPage() {
  const { client } = useApp()
  const [action, setAction] = useState('')
  const [from, setFrom] = useState<string>()
  const query = usePages<AuditEntry>(client, '/admin/audit', { action: action || undefined, from })
  return (
    <Page title="Audit">
      <Section title="Who did what">
        <div className="picker">
          <SearchField name="audit-action" label="Action, as in the list" onSearch={setAction} />
          <TimeField name="audit-from" label="Since" at={from} onChange={setFrom} />
        </div>
        <Pages query={query} empty="Nothing recorded.">
          {(rows) => <Table caption="Audit, newest first" columns={columns} rows={rows} rowKey={({ id }) => id} />}
        </Pages>
      </Section>
    </Page>
  )
}
