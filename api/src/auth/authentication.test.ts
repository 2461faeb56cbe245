import { memoryRateLimiter } from '@sath/bus'
import { apiTokenRepository, grantPlan } from '@sath/db'
import { fixedClock } from '@sath/testkit'
import t from 'tap'
import { setup } from '../app.fixture.js'
import { defaultLimits } from '../deps.js'
import { createApiTokens } from './api-tokens.js'
import { createAuthentication } from './authentication.js'
import { createSessions } from './sessions.js'

t.test('who shows an API token is a subscriber, and once known is not counted against the address', async (t) => {
  const { db, log, user } = await setup(t)
  const clock = fixedClock(Date.now())
  const admin = await user('superadmin')
  await grantPlan(db, admin.id, { planId: 'enterprise' })
  const { row, token } = await apiTokenRepository(db, admin.id).create({ name: 'x', scope: 'read', days: 1 })
  const { authenticate } = createAuthentication({
    tokens: { sign: () => '', verify: () => t.fail('it is no access token') as never },
    sessions: createSessions(db, clock.now),
    apiTokens: createApiTokens({ db, log, now: clock.now }),
    limiter: memoryRateLimiter(),
    limits: { ...defaultLimits, open: 1 },
  })
  const caller = {
    id: admin.id,
    role: 'subscriber',
    expiresAt: row.expiresAt?.getTime(),
    by: { kind: 'api-token', tokenId: row.id, scope: 'read' },
  }
  for (let n = 0; n < 3; n++) {
    t.same(await authenticate(token, 'a'), caller)
    clock.advance(2_000)
  }
  const nobodys = `sath_${'x'.repeat(43)}`
  await t.rejects(authenticate(nobodys, 'a'), { code: 'rate-limited' })
  await t.rejects(authenticate(nobodys, 'b'), { code: 'unauthenticated' })
})
