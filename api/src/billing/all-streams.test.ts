/** Every stream of the stories that are short enough for it. */
import t from 'tap'
import { tryAllStreams } from './all-streams.fixture.js'
import { billingSetup } from './setup.fixture.js'
import { failedMail, stepsAt, toFreeMail } from './streams.fixture.js'

t.setTimeout(300_000)
const app = await billingSetup(t)
const { subscribe, change, declined, pay, cancel, refund, end, deleteCustomer, dispute, winDispute } = stepsAt(app)

await tryAllStreams(t, app, {
  subscribe: { plan: 'basic', steps: [subscribe('basic')] },
  upgrade: { plan: 'pro', given: [subscribe('basic')], steps: [change('pro')] },
  downgrade: { plan: 'basic', given: [subscribe('pro')], steps: [change('basic')] },
  'fail to pay, then pay': {
    plan: 'pro',
    given: [subscribe('basic'), change('pro', 'default_incomplete')],
    steps: [declined, pay],
    passing: failedMail,
  },
  'cancel, then resume': {
    plan: 'pro',
    given: [subscribe('pro')],
    steps: [cancel(true), cancel(false)],
    passing: toFreeMail,
  },
  end: { plan: 'free', given: [subscribe('pro')], steps: [end] },
  'delete the customer': { plan: 'free', given: [subscribe('pro')], steps: [deleteCustomer] },
  'refund a part, then all': { plan: 'pro', given: [subscribe('pro')], steps: [refund(1_000), refund()] },
  'a dispute that is won': { plan: 'pro', given: [subscribe('pro')], steps: [dispute, winDispute] },
})
