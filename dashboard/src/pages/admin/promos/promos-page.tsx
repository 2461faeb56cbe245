import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { plansQuery } from '../../../api/queries.js'
import type { Plan, PromoCode } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Badge } from '../../../parts/badge.js'
import { Page, Section } from '../../../parts/page.js'
import { Pages, usePages } from '../../../parts/pages.js'
import { all, PickField } from '../../../parts/pick-field.js'
import { type Column, Table } from '../../../parts/table.js'
import { Time, useNow } from '../../../parts/time.js'
import { planName } from '../../plan/plan-facts.js'
import { useMayAct } from '../use-may-act.js'
import { NewPromo } from './new-promo.js'
import { promoState, promoTypes } from './promo-words.js'
import { Redemptions } from './redemptions.js'
import { SwitchPromo } from './switch-promo.js'

const options = [all, { value: 'true', label: 'Active' }, { value: 'false', label: 'Inactive' }]

export function AdminPromosPage() {
  const { client } = useApp()
  const mayAct = useMayAct()
  const now = useNow(60_000)
  const [active, setActive] = useState('')
  const { data: plans = [] } = useQuery(plansQuery(client))
  const query = usePages<PromoCode>(client, '/admin/promo-codes', { active: active || undefined })
  const columns = columnsFor(plans, now, mayAct)
  return (
    <Page title="Promo codes" actions={mayAct && <NewPromo plans={plans} />}>
      <Section title="All codes">
        <div className="picker">
          <PickField name="promo-active" label="Show" options={options} value={active} onPick={setActive} />
        </div>
        <Pages query={query} empty="No code yet. A code gives its finder a plan for some days.">
          {(rows) => (
            <Table caption="Promo codes, newest first" columns={columns} rows={rows} rowKey={({ code }) => code} />
          )}
        </Pages>
      </Section>
    </Page>
  )
}

function columnsFor(plans: readonly Plan[], now: number, mayAct: boolean): readonly Column<PromoCode>[] {
  return [
    { head: 'Code', cell: ({ code }) => <code>{code}</code> },
    { head: 'Type', cell: ({ type }) => promoTypes[type] },
    { head: 'Gives', cell: ({ plan, days }) => `${planName(plans, plan)}, ${days} days` },
    { head: 'Used', cell: ({ uses, maxUses }) => `${uses} of ${maxUses}` },
    {
      head: 'State',
      cell: (promo) => {
        const [tone, text] = promoState(promo, now)
        return <Badge tone={tone}>{text}</Badge>
      },
    },
    { head: 'Expires', cell: ({ expiresAt }) => (expiresAt === null ? 'Never' : <Time at={expiresAt} />) },
    { head: 'Note', cell: ({ note }) => note ?? '–' },
    {
      head: 'Commands',
      cell: (promo) => (
        <span className="actions">
          <Redemptions promo={promo} />
          {mayAct && <SwitchPromo promo={promo} />}
        </span>
      ),
    },
  ]
}
