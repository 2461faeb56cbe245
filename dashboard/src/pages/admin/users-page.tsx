import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { subscriptionQuery } from '../../api/queries.js'
import type { AdminUser } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Badge } from '../../parts/badge.js'
import { words } from '../../parts/format.js'
import { Page, Section } from '../../parts/page.js'
import { Pages, usePages } from '../../parts/pages.js'
import { all, PickField } from '../../parts/pick-field.js'
import { SearchField } from '../../parts/search-field.js'
import { type Column, Table } from '../../parts/table.js'
import { Day, Time } from '../../parts/time.js'
import type { Tone } from '../../parts/tone.js'
import { sources } from '../plan/plan-news.js'
import { DeleteUser } from './delete-user.js'
import { EditUser } from './edit-user.js'
import { GivePlan } from './give-plan.js'
import { NewUser } from './new-user.js'
import { SendPaymentLink } from './payment-link.js'
import { useMayAct } from './use-may-act.js'

const options = [
  all,
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
  { value: 'unverified', label: 'Not verified' },
  { value: 'deleting', label: 'Being deleted' },
]

const columns: readonly Column<AdminUser>[] = [
  { head: 'Email', cell: ({ email }) => email },
  { head: 'Name', cell: ({ name }) => name ?? '–' },
  { head: 'Role', cell: ({ role }) => words(role) },
  { head: 'Plan', cell: (user) => <GivenPlan user={user} /> },
  {
    head: 'Status',
    cell: (user) => {
      const [tone, text] = statusOf(user)
      return <Badge tone={tone}>{text}</Badge>
    },
  },
  { head: 'Since', cell: ({ createdAt }) => <Time at={createdAt} /> },
]

interface Rights {
  readonly mayAct: boolean
  readonly takesPayments: boolean
}

function commandsFor({ mayAct, takesPayments }: Rights): Column<AdminUser> {
  return {
    head: 'Commands',
    cell: (user) => (
      <span className="actions">
        <GivePlan user={user} renewsOnly={!mayAct} />
        {mayAct && takesPayments && <SendPaymentLink user={user} />}
        {mayAct && <EditUser user={user} />}
        {mayAct && user.deletingAt === null && <DeleteUser user={user} />}
      </span>
    ),
  }
}

/** The plan in force, what gives it and until when. */
function GivenPlan({ user: { plan, planSource, planUntil } }: { user: AdminUser }) {
  return (
    <span>
      {words(plan)}
      {planSource !== 'default' && (
        <span className="muted">
          {' '}
          ({sources[planSource].toLowerCase()}
          {planUntil && (
            <>
              , until <Day at={planUntil} />
            </>
          )}
          )
        </span>
      )}
    </span>
  )
}

function statusOf({ isActive, emailVerifiedAt, deletingAt }: AdminUser): [Tone | 'none', string] {
  if (deletingAt !== null) return ['bad', 'Being deleted']
  if (!isActive) return ['none', 'Inactive']
  return emailVerifiedAt === null ? ['warning', 'Not verified'] : ['good', 'Active']
}

export function AdminUsersPage() {
  const { client } = useApp()
  const mayAct = useMayAct()
  const { data: own } = useQuery(subscriptionQuery(client))
  const commands = commandsFor({ mayAct, takesPayments: own?.takesPayments ?? false })
  const [status, setStatus] = useState('')
  const [search, setSearch] = useState('')
  const query = usePages<AdminUser>(client, '/admin/users', { status: status || undefined, query: search || undefined })
  return (
    <Page title="Users" actions={mayAct && <NewUser />}>
      <Section title="All users">
        <div className="picker">
          <SearchField name="user-query" label="Address or name" onSearch={setSearch} />
          <PickField name="user-status" label="Status" options={options} value={status} onPick={setStatus} />
        </div>
        <Pages query={query} empty="Nobody found.">
          {(users) => (
            <Table
              caption="Users, newest first"
              columns={[...columns, commands]}
              rows={users}
              rowKey={({ id }) => id}
            />
          )}
        </Pages>
      </Section>
    </Page>
  )
}
