import { useQueryClient } from '@tanstack/react-query'
import type { ApiToken } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Badge } from '../../../parts/badge.js'
import { Confirm } from '../../../parts/confirm.js'
import { type Column, Table } from '../../../parts/table.js'
import { Day, Time, useNow } from '../../../parts/time.js'
import { scopes, tokenState } from './token-words.js'

interface TokenTableProps {
  readonly tokens: readonly ApiToken[]
  /** Of the plan in force. */
  readonly hasAccess: boolean
}

export function TokenTable({ tokens, hasAccess }: TokenTableProps) {
  const now = useNow(60_000)
  return (
    <Table
      caption="API tokens, newest first"
      columns={columnsFor(hasAccess, now)}
      rows={tokens}
      rowKey={({ id }) => id}
    />
  )
}

function columnsFor(hasAccess: boolean, now: number): readonly Column<ApiToken>[] {
  return [
    { head: 'Name', cell: ({ name }) => name },
    {
      head: 'State',
      cell: (token) => {
        const { tone, text } = tokenState(token, hasAccess, now)
        return <Badge tone={tone}>{text}</Badge>
      },
    },
    { head: 'May', cell: ({ scope }) => scopes[scope] },
    { head: 'Ends in', cell: ({ hint }) => <code>…{hint}</code> },
    { head: 'Created', cell: ({ createdAt }) => <Day at={createdAt} /> },
    { head: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Time at={lastUsedAt} />) },
    { head: 'Expires', cell: ({ expiresAt }) => (expiresAt === null ? 'Never' : <Day at={expiresAt} />) },
    { head: 'Commands', cell: (token) => <DeleteToken token={token} /> },
  ]
}

function DeleteToken({ token: { id, name } }: { token: ApiToken }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const remove = async () => {
    await client.delete(`/users/me/tokens/${id}`)
    await queries.invalidateQueries({ queryKey: ['/users/me/tokens'] })
  }
  return (
    <span className="actions">
      <Confirm
        trigger={{ look: 'danger', children: 'Delete', 'aria-label': `Delete the token ${name}` }}
        title={`Delete the token ${name}?`}
        action="Delete the token"
        onConfirm={remove}
      >
        Programs that use it are shut out at once. It cannot be brought back.
      </Confirm>
    </span>
  )
}
