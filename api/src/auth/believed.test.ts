import { fixedClock } from '@sath/testkit'
import t from 'tap'
import { believed } from './believed.js'

type Answer = { readonly userId: string } | undefined

function setup() {
  const clock = fixedClock(0)
  const answers = believed<{ readonly userId: string }>(clock.now)
  const asked: [string, boolean][] = []
  const get = (key: string, answer: Answer | Promise<Answer>) =>
    answers.get(key, async (wasKnown) => {
      asked.push([key, wasKnown])
      return answer
    })
  return { clock, answers, asked, get }
}

t.test('an answer is believed for two seconds, one that nobody has access too', async (t) => {
  const { clock, asked, get } = setup()
  t.same(await get('a', { userId: 'u' }), { userId: 'u' })
  t.equal(await get('b', undefined), undefined)
  clock.advance(1_999)
  t.same([await get('a', undefined), await get('b', { userId: 'u' })], [{ userId: 'u' }, undefined])
  t.equal(asked.length, 2)
  clock.advance(1)
  t.same([await get('a', undefined), await get('b', { userId: 'u' })], [undefined, { userId: 'u' }])
  t.same(asked.slice(2), [
    ['a', true],
    ['b', false],
  ])
})

t.test('what is forgotten is asked again, also if the answer was still under way', async (t) => {
  const { answers, asked, get } = setup()
  await get('own', { userId: 'u' })
  await get('other', { userId: 'v' })
  let tell: (answer: Answer) => void = () => {}
  const early = get('late', new Promise<Answer>((resolve) => (tell = resolve)))
  answers.forget('u')
  tell({ userId: 'u' })
  t.same(await early, { userId: 'u' })
  for (const key of ['own', 'other', 'late']) await get(key, undefined)
  t.same(asked.slice(3), [
    ['own', false],
    ['late', false],
  ])
})

t.test('a failure is nobody’s answer, and changes nothing about who was known', async (t) => {
  const { clock, asked, get } = setup()
  await get('a', { userId: 'u' })
  clock.advance(2_000)
  await t.rejects(get('a', Promise.reject(new Error('away'))), /away/)
  t.same(await get('a', { userId: 'u' }), { userId: 'u' })
  t.same(asked.at(-1), ['a', true])
})

t.test('of very many the one asked longest ago is forgotten', async (t) => {
  const { asked, get } = setup()
  for (let n = 0; n <= 10_000; n++) await get(`${n}`, { userId: 'u' })
  await get('1', undefined)
  t.equal(asked.length, 10_001)
  await get('0', undefined)
  t.same(asked.at(-1), ['0', false])
})
