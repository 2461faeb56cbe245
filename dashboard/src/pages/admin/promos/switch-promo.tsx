import { useQueryClient } from '@tanstack/react-query'
import type { PromoCode } from '../../../api/types.js'
import { useApp } from '../../../app.js'
import { Confirm } from '../../../parts/confirm.js'

/** Ends a code, or lets it work again. What it has given stays. */
export function SwitchPromo({ promo: { code, active } }: { promo: PromoCode }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const turn = async () => {
    await client.put('/admin/promo-codes', { body: { code, active: !active } })
    await queries.invalidateQueries({ queryKey: ['/admin/promo-codes'] })
  }
  const verb = active ? 'Deactivate' : 'Activate'
  return (
    <Confirm
      trigger={{ look: active ? 'danger' : 'plain', children: verb, 'aria-label': `${verb} ${code}` }}
      title={`${verb} ${code}?`}
      action={verb}
      look={active ? 'danger' : 'primary'}
      onConfirm={turn}
    >
      {active
        ? 'Nobody can redeem it any more. Who has done so keeps what it gave.'
        : 'It can be redeemed again, as often as it has uses left.'}
    </Confirm>
  )
}
