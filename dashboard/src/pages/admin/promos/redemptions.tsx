import type { PromoCode, Redemption } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Button } from '../../../parts/button.js'
import { DialogButton } from '../../../parts/dialog-button.js'
import { Pages, usePages } from '../../../parts/pages.js'
import { type Column, Table } from '../../../parts/table.js'
import { Day, Time } from '../../../parts/time.js'

const columns: readonly Column<Redemption>[] = [
  { head: 'Who', cell: ({ email }) => email },
  { head: 'When', cell: ({ redeemedAt }) => <Time at={redeemedAt} /> },
  { head: 'From', cell: ({ startsAt }) => <Day at={startsAt} /> },
  { head: 'Until', cell: ({ endsAt }) => (endsAt === null ? 'Without end' : <Day at={endsAt} />) },
]

/** Who redeemed a code. */
export function Redemptions({ promo }: { promo: PromoCode }) {
  return (
    <DialogButton
      wide
      trigger={{ children: 'Who?', 'aria-label': `Who redeemed ${promo.code}` }}
      title={`Who redeemed ${promo.code}`}
      description={`${promo.uses} of ${promo.maxUses} uses.`}
    >
      {(close) => (
        <>
          <RedemptionList code={promo.code} />
          <div className="dialog-actions">
            <Button onClick={close}>Close</Button>
          </div>
        </>
      )}
    </DialogButton>
  )
}

function RedemptionList({ code }: { code: string }) {
  const { client } = useApp()
  const query = usePages<Redemption>(client, `/admin/promo-codes/${encodeURIComponent(code)}/redemptions`)
  return (
    <Pages query={query} empty="Nobody yet.">
      {(rows) => (
        <Table caption="Redemptions, newest first" columns={columns} rows={rows} rowKey={({ userId }) => userId} />
      )}
    </Pages>
  )
}
