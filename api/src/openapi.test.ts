import t from 'tap'
import { setup } from './app.fixture.js'

/** Every call of the HTTP contract; paths below /api/v1. */
const contract = `
POST /auth/register POST /auth/verify-email POST /auth/login POST /auth/refresh POST /auth/logout POST /auth/forgot-password
POST /auth/reset-password GET /users/me PUT /users/me DELETE /users/me GET /users/me/tokens POST /users/me/tokens
DELETE /users/me/tokens/{id} GET /dev/outbox
POST /keys/exchange GET /keys/exchange PUT /keys/exchange/{id} DELETE /keys/exchange/{id} POST /keys/ai GET /keys/ai DELETE /keys/ai/{id}
POST /keys/test GET /keys/test/{testId}
GET /bot/config PUT /bot/config POST /bot/start POST /bot/stop POST /bot/restart GET /bot/status GET /bot/events
GET /trades GET /positions POST /trades GET /signals GET /decisions GET /candles GET /strategies GET /symbols GET /brokers GET /metrics
GET /performance GET /logs POST /backtests GET /backtests GET /backtests/{id} DELETE /backtests/{id}
POST /simulations GET /simulations GET /simulations/{id} DELETE /simulations/{id} GET /simulations/presets
GET /presets POST /presets PUT /presets/{id} DELETE /presets/{id} GET /stream GET /logs/stream
GET /billing/plans GET /billing/subscription GET /billing/preview POST /billing/subscribe POST /billing/portal POST /billing/cancel
POST /billing/resume GET /billing/invoices GET /billing/payments POST /billing/promo POST /billing/webhook/stripe
GET /admin/users POST /admin/users GET /admin/users/{id} PUT /admin/users/{id} DELETE /admin/users/{id} GET /admin/bots
POST /admin/bots/{id}/stop POST /admin/bots/{id}/release GET /admin/stats GET /admin/promo-codes POST /admin/promo-codes
PUT /admin/promo-codes GET /admin/promo-codes/{code}/redemptions GET /admin/payments POST /admin/payments PUT /admin/payments/{id} POST /admin/payment-links GET /admin/plans PUT /admin/plans GET /admin/audit GET /admin/nodes`

interface Operation {
  readonly tags?: string[]
  readonly summary?: string
  readonly responses: Record<string, unknown>
  readonly security?: unknown[]
}

interface Document {
  readonly openapi: string
  readonly components: { readonly securitySchemes: { readonly bearer: { readonly description: string } } }
  readonly paths: Record<string, Record<string, Operation>>
  readonly tags: { readonly name: string }[]
}

t.test('every call of the contract is in the document', async (t) => {
  const { call } = await setup(t)
  const response = await call('GET', '/openapi.json')
  const document = response.json<Document>()
  t.match(document.openapi, /^3\.1/)
  const published = Object.entries(document.paths).flatMap(([path, calls]) =>
    Object.keys(calls).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const wanted = [...contract.matchAll(/(GET|POST|PUT|DELETE) (\S+)/g)].map(
    ([, method, path]) => `${method} /api/v1${path}`,
  )
  t.same(
    [...wanted, 'GET /healthz', 'GET /readyz'].filter((call) => !published.includes(call)),
    [],
  )
  t.ok(document.paths['/api/v1/bot/status']?.get?.security, 'calls that need a sign-in say so')
  t.notOk(document.paths['/api/v1/auth/login']?.post?.security)
  t.match(document.components.securitySchemes.bearer.description, /^An access token, or an API token where the plan/)
})

t.test('every call stands under a heading, says in a line what it does, and how it refuses', async (t) => {
  const { call } = await setup(t)
  const { paths, tags } = (await call('GET', '/openapi.json')).json<Document>()
  const headings = ['Accounts', 'Keys', 'The bot', 'What it does', 'Billing', 'Admin', 'Health']
  t.same(
    tags.map(({ name }) => name),
    headings,
  )
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ call: `${method} ${path}`, ...operation })),
  )
  for (const { call, tags, summary, responses } of calls) {
    t.ok(tags?.length === 1 && headings.includes(tags[0] ?? ''), `${call} has its heading`)
    t.match(summary, /^[A-Z][^\n]{4,80}[^.]$/, `${call} says what it does`)
    t.ok(responses['4XX'] && responses['5XX'], `${call} says how it refuses`)
  }
  const summaries = calls.map(({ summary }) => summary)
  t.equal(new Set(summaries).size, summaries.length, 'no two say the same')
})

t.test('there is a page to read it, and it works under our own content policy', async (t) => {
  const { call } = await setup(t)
  const page = await call('GET', '/docs/')
  t.match(page.headers['content-type'], 'text/html')
  t.match(page.headers['content-security-policy'], "script-src 'self'")
  t.match(page.body, '<title>Sath API</title>')
  t.notMatch(page.body, /<script>/, 'no inline script')
})
