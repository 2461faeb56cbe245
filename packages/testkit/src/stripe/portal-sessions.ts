import { emit } from './emit.js'
import { required, text } from './parameters.js'
import { type Route, route } from './route.js'

export const portalRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/billing_portal/sessions',
    { customer: required(text), locale: text, return_url: text },
    ({ account, params }) => {
      const customer = account.customers.get(params.customer, 'customer')
      const id = account.newId('bps_')
      const session = account.portals.add({
        id,
        object: 'billing_portal.session',
        configuration: 'bpc_default',
        created: account.now(),
        customer: customer.id,
        customer_account: null,
        flow: null,
        livemode: account.livemode,
        locale: params.locale ?? null,
        on_behalf_of: null,
        return_url: params.return_url ?? null,
        url: `${account.base}/p/session/${id}`,
      })
      emit(account, 'billing_portal.session.created', session)
      return session
    },
  ),
]
