import { pino } from 'pino'
import t from 'tap'
import { loggerOptions } from './logger-options.js'
import { maskStripe } from './stripe-words.js'

const id = '1PzTqL2eZvKYlo2CkXy9ab'

t.test('ids are shown in part, secrets not at all, and words stay as they are', async (t) => {
  for (const [text, masked] of [
    ...'acct ch cs_live cs_test cus dp du evt ii il in pi pm price prod re req si sub txn'
      .split(' ')
      .map((kind) => [`${kind}_${id}`, `${kind}_…y9ab`] as const),
    ['cus_9s6XKzkNRiz8i3', 'cus_…z8i3'],
    [
      `No such customer: 'cus_${id}'; a similar object exists`,
      "No such customer: 'cus_…y9ab'; a similar object exists",
    ],
    [`GET /v1/customers/cus_${id}?expand[]=sub_${id}`, 'GET /v1/customers/cus_…y9ab?expand[]=sub_…y9ab'],
    [`{"msg":"line\\nsub_${id}"}`, '{"msg":"line\\nsub_…y9ab"}'],
    [`params: sub_${id}/paid,in_${id},ch_${id}`, 'params: sub_…y9ab/paid,in_…y9ab,ch_…y9ab'],
    ['sk_test_sath', '[redacted]'],
    [`sk_live_51${id}${id}`, '[redacted]'],
    ['rk_live_51abc', '[redacted]'],
    ['Invalid API Key provided: sk_test_************1234', 'Invalid API Key provided: [redacted]'],
    [`whsec_${id}+/=`, '[redacted]'],
    [`pi_${id}_secret_${id}`, '[redacted]'],
    ['sath_basic_monthly in_progress sub_accounts re_authentication', undefined],
    ['test_f5d8a3886130aa8a tenant_id max_capital_per_trade', undefined],
    ['no underscore here', undefined],
  ] as const)
    t.equal(maskStripe(text), masked ?? text, text)
})

t.test('a logger of ours writes none of them, wherever they are', async (t) => {
  let line = ''
  const log = pino(loggerOptions({ name: 'api', level: 'info' }), { write: (text: string) => (line = text) })
  const cause = new Error(`No such subscription: sub_${id}`)
  const err = Object.assign(new Error(`Failed query: update … params: cus_${id},in_${id}`, { cause }), {
    raw: { charge: `ch_${id}`, payment_intent: { client_secret: `pi_${id}_secret_x` } },
  })
  log
    .child({ customer: `cus_${id}` })
    .info({ err, list: [`evt_${id}`], email: 'ada@example.com', key: 'whsec_abc' }, `refunded re_${id} of dp_${id}`)
  t.notMatch(line, /_1PzT/)
  t.notMatch(line, /whsec_|_secret_/)
  t.match(JSON.parse(line), {
    customer: 'cus_…y9ab',
    email: 'a…@example.com',
    list: ['evt_…y9ab'],
    msg: 'refunded re_…y9ab of dp_…y9ab',
  })
})
