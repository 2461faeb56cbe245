import { until } from '@sath/testkit'
import type { Test } from 'tap'
import type { RateLimiter } from './rate-limiter.js'

/** What every rate limiter must hold. Closes what it is given. */
export async function rateLimiterContract(t: Test, make: () => Promise<RateLimiter>): Promise<void> {
  const limiter = await make()
  t.teardown(() => limiter.close())

  await t.test('allows up to the limit and says when to come back', async (t) => {
    const rate = { limit: 3, windowMs: 60_000 }
    t.same(await limiter.take('a', rate), { allowed: true, remaining: 2, retryAfterMs: 0 })
    t.same(await limiter.take('a', rate), { allowed: true, remaining: 1, retryAfterMs: 0 })
    t.same(await limiter.take('a', rate), { allowed: true, remaining: 0, retryAfterMs: 0 })
    const refused = await limiter.take('a', rate)
    t.match(refused, { allowed: false, remaining: 0 })
    t.ok(refused.retryAfterMs > 30_000 && refused.retryAfterMs <= 60_000)
    t.ok((await limiter.take('b', rate)).allowed, 'another key is not concerned')
  })

  await t.test('never lets one too many through at once', async (t) => {
    const verdicts = await Promise.all([...Array(50)].map(() => limiter.take('rush', { limit: 20, windowMs: 60_000 })))
    t.equal(verdicts.filter(({ allowed }) => allowed).length, 20)
  })

  await t.test('begins a new window when the last one has ended, whatever was refused meanwhile', async (t) => {
    const rate = { limit: 1, windowMs: 80 }
    const start = performance.now()
    await limiter.take('c', rate)
    await until('the next window', async () => (await limiter.take('c', rate)).allowed)
    t.ok(performance.now() - start >= 79)
    t.ok(performance.now() - start < 20_000)
  })

  await t.test('takes a lowered limit at its word', async (t) => {
    for (let n = 0; n < 5; n++) await limiter.take('d', { limit: 10, windowMs: 60_000 })
    t.notOk((await limiter.take('d', { limit: 3, windowMs: 60_000 })).allowed)
  })
}
