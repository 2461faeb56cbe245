import t from 'tap'
import { createAttempt } from './attempt.js'
import { ApiError, unreachable } from './problem.js'

t.test('keeps its key until it is answered', async (t) => {
  const attempt = createAttempt()
  const keys: string[] = []
  const send = (body: object, end?: Error) =>
    attempt(body, async (key) => {
      keys.push(key)
      if (end) throw end
      return 'placed'
    }).catch(() => undefined)

  await send({ stake: '1' }, unreachable())
  await send({ stake: '1' }, new ApiError(503, 'service-unavailable', 'no'))
  await send({ stake: '1' })
  t.equal(new Set(keys).size, 1, 'a lost answer is asked for again')
  await send({ stake: '1' })
  t.equal(new Set(keys).size, 2, 'answered: the next one is another trade')
  await send({ stake: '2' }, unreachable())
  await send({ stake: '3' }, new ApiError(422, 'plan-limit', 'no'))
  t.equal(new Set(keys).size, 4, 'another body is another wish')
  await send({ stake: '3' })
  t.equal(new Set(keys).size, 5, 'a refusal is an answer')
})
