import { randomUUID } from 'node:crypto'
import { apiTokenRepository, auditLog, grantPlan } from '@sath/db'
import { eq } from 'drizzle-orm'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { setup, verdict } from './app.fixture.js'

const app = await setup(t, { limits: { user: 1e6, open: 1e6, login: 1e6, register: 1e6, forgot: 1e6, promo: 1e6 } })

/** What API tokens of each scope reach, below /api/v1. Not here: closed to them. */
const table = {
  read: `
    GET /users/me
    GET /bot/config GET /bot/status GET /bot/events GET /bot/accounts
    GET /trades GET /positions GET /signals GET /decisions GET /candles GET /strategies GET /symbols
    GET /metrics GET /performance GET /logs
    GET /backtests GET /backtests/:id GET /simulations GET /simulations/:id GET /simulations/presets GET /presets`,
  trade: `
    PUT /bot/config POST /bot/start POST /bot/stop POST /bot/restart POST /trades
    POST /backtests DELETE /backtests/:id POST /simulations DELETE /simulations/:id
    POST /presets PUT /presets/:id DELETE /presets/:id`,
  /** Nobody is asked who they are; the streams ask in their first message. */
  everybody: `
    POST /auth/register POST /auth/verify-email POST /auth/login POST /auth/refresh
    POST /auth/forgot-password POST /auth/reset-password
    GET /dev/outbox GET /billing/plans POST /billing/webhook/stripe GET /stream GET /logs/stream`,
}

/** Every registered call, from the tree that Fastify prints. */
function registered(): string[] {
  const parents: string[] = []
  return app.app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', path = '', methods = ''] = /^([│ ]*)[├└]── (\S+) \(([A-Z, ]+)\)$/.exec(line) ?? []
      if (path === '') return []
      const depth = indent.length / 4
      parents.length = depth
      parents.push(path)
      return methods.split(', ').map((method) => `${method} ${parents.join('')}`)
    })
}

const user = await app.user('superadmin')
await grantPlan(app.db, user.id, { planId: 'enterprise' })
const tokens = apiTokenRepository(app.db, user.id)
const reads = (await tokens.create({ name: 'r', scope: 'read' })).token
const trades = (await tokens.create({ name: 't', scope: 'trade' })).token

const ask = (call: string, token?: string) => {
  const [method, path = ''] = call.split(' ')
  return app.app.inject({
    method: method as 'GET',
    url: path.replace(/:\w+/, randomUUID()).replace('*', 'x'),
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  })
}
const isForbidden = (answer: LightMyRequestResponse) => answer.statusCode === 403

async function reach(call: string): Promise<'read' | 'trade' | 'none' | 'everybody'> {
  const [anybody, reader, trader] = [await ask(call), await ask(call, reads), await ask(call, trades)]
  if (isForbidden(trader)) return 'none'
  if (isForbidden(reader)) return 'trade'
  return anybody.statusCode === 401 && reader.statusCode !== 401 ? 'read' : 'everybody'
}

t.test('every registered call is open to tokens of the scope that the table says, or to none', async (t) => {
  const calls = registered().filter((call) => call.includes(' /api/'))
  t.ok(calls.length > 100, `${calls.length} calls`)
  const found: Record<'read' | 'trade' | 'none' | 'everybody', string[]> = {
    read: [],
    trade: [],
    none: [],
    everybody: [],
  }
  for (const call of calls) found[await reach(call)].push(call)
  for (const group of ['read', 'trade', 'everybody'] as const) {
    const wanted = [...table[group].matchAll(/(GET|POST|PUT|DELETE) (\S+)/g)].flatMap(([, method, path]) =>
      // Whoever may read may ask whether there is something to read.
      (method === 'GET' ? ['GET', 'HEAD'] : [method]).map((each) => `${each} /api/v1${path}`),
    )
    t.same(found[group].sort(), wanted.sort(), group)
  }
  for (const closed of [
    'PUT /api/v1/users/me',
    'DELETE /api/v1/users/me',
    'GET /api/v1/users/me/tokens',
    'POST /api/v1/users/me/tokens',
    'DELETE /api/v1/users/me/tokens/:id',
    'GET /api/v1/keys/exchange',
    'GET /api/v1/billing/subscription',
    'GET /api/v1/admin/users',
    'POST /api/v1/auth/logout',
  ])
    t.ok(found.none.includes(closed), closed)
})

t.test('a refusal says what is missing', async (t) => {
  const detail = async (call: string, token: string) => {
    const answer = await ask(call, token)
    return `${verdict(answer)}: ${answer.json<{ detail: string }>().detail}`
  }
  t.equal(await detail('POST /api/v1/bot/start', reads), '403 forbidden: This API token may read only.')
  const signIn = '403 forbidden: An API token cannot do this; sign in.'
  for (const call of ['DELETE /api/v1/users/me', 'GET /api/v1/keys/ai', 'POST /api/v1/auth/logout'])
    t.equal(await detail(call, trades), signIn, call)
})

t.test('an administrator’s token is a subscriber’s, and what it is refused is on record', async (t) => {
  t.equal(verdict(await app.call('GET', '/v1/admin/stats', { as: user })), '200')
  await app.db.delete(auditLog).where(eq(auditLog.actorId, user.id))
  t.equal(verdict(await app.call('GET', '/v1/admin/stats', { as: trades })), '403 forbidden')
  t.match(await app.db.select().from(auditLog).where(eq(auditLog.actorId, user.id)), [
    { action: 'admin.refused', fields: { call: 'GET /api/v1/admin/stats', status: 403 } },
  ])
})
