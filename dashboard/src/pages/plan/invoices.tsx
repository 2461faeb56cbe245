import type { Invoice } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Badge } from '../../parts/badge.js'
import { money, words } from '../../parts/format.js'
import { Pages, usePages } from '../../parts/pages.js'
import { type Column, Table } from '../../parts/table.js'
import { Day } from '../../parts/time.js'
import type { Tone } from '../../parts/tone.js'

const tones: Readonly<Record<string, Tone>> = { paid: 'good', open: 'warning', uncollectible: 'bad' }

const columns: readonly Column<Invoice>[] = [
  { head: 'Number', cell: ({ number, id }) => number ?? <code>{id}</code> },
  { head: 'Made', cell: ({ createdAt }) => <Day at={createdAt} /> },
  { head: 'Status', cell: ({ status }) => <Badge tone={tones[status] ?? 'none'}>{words(status)}</Badge> },
  { head: 'Total', align: 'end', cell: ({ total, currency }) => money(total, currency) },
  { head: 'Still due', align: 'end', cell: ({ due, currency }) => (/[1-9]/.test(due) ? money(due, currency) : '–') },
  { head: 'Documents', cell: (invoice) => <Documents invoice={invoice} /> },
]

function Documents({ invoice: { number, id, url, pdf, status } }: { invoice: Invoice }) {
  const name = number ?? id
  return (
    <span className="actions">
      {url && (
        <a href={url} target="_blank" rel="noreferrer" aria-label={`Invoice ${name}`}>
          {status === 'open' ? 'Pay' : 'Look at it'}
        </a>
      )}
      {pdf && (
        <a href={pdf} target="_blank" rel="noreferrer" aria-label={`Invoice ${name} as PDF`}>
          PDF
        </a>
      )}
      {!url && !pdf && '–'}
    </span>
  )
}

export function Invoices() {
  const { client } = useApp()
  const query = usePages<Invoice>(client, '/billing/invoices')
  return (
    <Pages query={query} empty="No invoices yet. They appear here with your first subscription.">
      {(rows) => <Table caption="Invoices, newest first" columns={columns} rows={rows} rowKey={({ id }) => id} />}
    </Pages>
  )
}
