import type Stripe from 'stripe'
import type { Account } from './account.js'
import { deleteCustomer } from './customers.js'
import { emit } from './emit.js'
import { page, paging } from './pages.js'
import { integer, required, text } from './parameters.js'
import { type Route, route } from './route.js'
import { invalid } from './stripe-fault.js'
import { runDue } from './timeline.js'

const base = '/v1/test_helpers/test_clocks'

export const testClockRoutes: readonly Route[] = [
  route('POST', base, { frozen_time: required(integer), name: text }, ({ account, params }) => {
    const clock = account.testClocks.add({
      id: account.newId('clock_'),
      object: 'test_helpers.test_clock',
      created: account.now(),
      deletes_after: account.now() + 30 * 86_400,
      frozen_time: params.frozen_time,
      livemode: false,
      name: params.name ?? null,
      status: 'ready',
      status_details: {},
    })
    emit(account, 'test_helpers.test_clock.created', clock)
    return clock
  }),
  route('GET', `${base}/:id`, {}, ({ account, id }) => account.testClocks.get(id)),
  route('GET', base, paging, ({ account, params }) => page(base, account.testClocks.all(), params)),
  route('POST', `${base}/:id/advance`, { frozen_time: required(integer) }, ({ account, id, params }) =>
    advance(account, account.testClocks.get(id), params.frozen_time),
  ),
  route('DELETE', `${base}/:id`, {}, ({ account, id }) => {
    const clock = account.testClocks.get(id)
    for (const customer of account.customers.all()) {
      if (customer.test_clock === id) deleteCustomer(account, customer.id)
    }
    account.testClocks.remove(id)
    emit(account, 'test_helpers.test_clock.deleted', clock)
    return { id, object: 'test_helpers.test_clock', deleted: true }
  }),
]

/** Answers `advancing` as Stripe does; whoever asks again finds it `ready`. */
function advance(account: Account, clock: Stripe.TestHelpers.TestClock, to: number): unknown {
  if (to <= clock.frozen_time) {
    throw invalid('The new frozen_time must be after the current frozen_time.', { param: 'frozen_time' })
  }
  emit(account, 'test_helpers.test_clock.advancing', clock)
  const answer = { ...clock, status: 'advancing', status_details: { advancing: { target_frozen_time: to } } }
  runDue(account, clock.id, to)
  clock.frozen_time = to
  emit(account, 'test_helpers.test_clock.ready', clock)
  return answer
}
