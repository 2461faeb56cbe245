import t from 'tap'
import { ApiError, normalPath, placeErrors, problemOf, sentence } from './problem.js'

t.test('reads a problem', async (t) => {
  const body = {
    code: 'plan-limit',
    detail: 'Your plan does not allow this.',
    errors: [{ path: 'config.strategies.0.stake', message: 'too high' }, { nonsense: true }],
  }
  const error = problemOf(422, body, null)
  t.match(error, { status: 422, code: 'plan-limit', message: 'Your plan does not allow this.', retryAfter: undefined })
  t.same(error.errors, [{ path: 'strategies.0.stake', message: 'too high' }])
})

t.test('makes sense of answers that are no problem', async (t) => {
  for (const body of [undefined, null, 'x', [], { detail: 7 }]) {
    const error = problemOf(502, body, null)
    t.equal(error.code, 'http-502')
    t.match(error.message, /cannot answer right now/)
  }
})

t.test('says how long to wait', async (t) => {
  t.equal(sentence(problemOf(429, { code: 'rate-limited', detail: 'Too many.' }, '7')), 'Too many. Try again in 7 s.')
  t.equal(problemOf(429, {}, 'Wed, 21 Oct 2026 07:28:00 GMT').retryAfter, undefined)
})

t.test('keeps what is not of the API to itself', async (t) => {
  t.notMatch(sentence(new TypeError('x is undefined')), /undefined/)
  t.equal(sentence(new ApiError(409, 'held', 'It is held.')), 'It is held.')
})

t.test('knows every form of a path', async (t) => {
  for (const path of [
    'strategies.0.stake',
    '/config/strategies/0/stake',
    'strategies[0].stake',
    'body.config.strategies.0.stake',
  ])
    t.equal(normalPath(path), 'strategies.0.stake', path)
  t.equal(normalPath(''), '')
})

t.test('puts errors at their fields and lists the rest', async (t) => {
  const shown = new Set(['capital', 'strategies.0.stake'])
  const placed = placeErrors(
    [
      { path: 'strategies.0.stake', message: 'first' },
      { path: 'strategies.0.stake', message: 'second' },
      { path: 'maxCapital', message: 'over the plan' },
      { path: 'strategies', message: 'one too many' },
      { path: '', message: 'something else' },
    ],
    (path) => shown.has(path),
  )
  t.same(placed.byField, { 'strategies.0.stake': 'first', capital: 'over the plan' })
  t.same(placed.others, ['strategies: one too many', 'something else'])
})
