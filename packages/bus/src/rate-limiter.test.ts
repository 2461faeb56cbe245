import { realRedis, until } from '@sath/testkit'
import t from 'tap'
import { memoryRateLimiter } from './memory-rate-limiter.js'
import { rateLimiterContract } from './rate-limiter.contract.js'
import { redisRateLimiter } from './redis-rate-limiter.js'

/** So long that a slow machine is no slow Redis. */
const patienceMs = 30_000

t.test('memory', async (t) => {
  await rateLimiterContract(t, async () => memoryRateLimiter())

  await t.test('remembers a bounded number of keys, the newest windows', async (t) => {
    const rate = { limit: 1, windowMs: 60_000 }
    const limiter = memoryRateLimiter({ maxKeys: 10 })
    for (let n = 0; n < 11; n++) await limiter.take(`key ${n}`, rate)
    t.notOk((await limiter.take('key 1', rate)).allowed, 'still counted')
    t.ok((await limiter.take('key 0', rate)).allowed, 'forgotten')
  })
})

t.test('redis', async (t) => {
  const redis = await realRedis(t)
  if (!redis) return t.pass('redis-server is not installed', { skip: 'redis-server is not installed' })
  await rateLimiterContract(t, () => connected(redis.url, patienceMs))

  await t.test('counts for all processes together', async (t) => {
    const [one, two] = [await connected(redis.url, patienceMs), await connected(redis.url, patienceMs)]
    t.teardown(() => Promise.all([one.close(), two.close()]))
    const rate = { limit: 2, windowMs: 60_000 }
    await one.take('shared', rate)
    await two.take('shared', rate)
    t.notOk((await one.take('shared', rate)).allowed)
  })

  await t.test('limits on while Redis is frozen or gone', async (t) => {
    const limiter = await connected(redis.url)
    t.teardown(() => limiter.close())
    const rate = { limit: 2, windowMs: 60_000 }
    const passed = async (key: string) => {
      const verdicts = [await limiter.take(key, rate), await limiter.take(key, rate), await limiter.take(key, rate)]
      return verdicts.filter(({ allowed }) => allowed).length
    }
    redis.pause()
    const start = performance.now()
    for (const key of ['frozen 1', 'frozen 2', 'frozen 3']) t.equal(await passed(key), 2)
    t.ok(performance.now() - start < 1_500, 'and asks a frozen Redis once, not each of nine times')
    redis.resume()
    await redis.stop('SIGKILL')
    t.equal(await passed('gone'), 2)
    await redis.start()
    t.equal(await passed('back'), 2)
  })
})

/** A limiter whose line stands: before that it counts alone. */
async function connected(url: string, answerWithinMs?: number) {
  const options = { url, ...(answerWithinMs === undefined ? {} : { answerWithinMs }) }
  const [limiter, witness] = [redisRateLimiter(options), redisRateLimiter(options)]
  await until('both to count together', async () => {
    const key = `probe ${Math.random()}`
    const rate = { limit: 1, windowMs: 1_000 }
    await limiter.take(key, rate)
    return !(await witness.take(key, rate)).allowed
  })
  await witness.close()
  return limiter
}
