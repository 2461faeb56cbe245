import t from 'tap'
import { fieldsText, historyOf, isAtLeast, type KeyedLine, parseLine } from './log-lines.js'

const line = (key: number): KeyedLine => ({
  key,
  time: '2026-01-01T00:00:00Z',
  level: 'info',
  message: 'm',
  fields: {},
})

t.test('an earlier page comes before and leaves the keys of the later ones', async (t) => {
  const named = (message: string) => ({ ...line(0), message })
  const newest = { items: [named('d'), named('c')] }
  const two = historyOf([newest, { items: [named('b'), named('a')] }])
  t.equal(two.map(({ message }) => message).join(''), 'abcd')
  t.same(two.slice(2), historyOf([newest]))
  t.equal(new Set(two.map(({ key }) => key)).size, 4)
  t.same(historyOf([]), [])
})

t.test('filters by level and above', async (t) => {
  t.ok(isAtLeast({ ...line(0), level: 'error' }, 'warn'))
  t.ok(isAtLeast({ ...line(0), level: 'warn' }, 'warn'))
  t.notOk(isAtLeast(line(0), 'warn'))
})

t.test('takes lines only', async (t) => {
  t.match(parseLine({ time: 't', level: 'warn', message: 'm' }), { fields: {} })
  for (const data of [
    null,
    'x',
    {},
    { time: 't', level: 'loud', message: 'm' },
    { time: 1, level: 'info', message: 'm' },
  ])
    t.equal(parseLine(data), undefined, JSON.stringify(data))
})

t.test('writes fields in their order', async (t) => {
  t.equal(fieldsText({ symbol: 'BTCUSDT', level: 2, at: { x: 1 } }), 'symbol=BTCUSDT level=2 at={"x":1}')
  t.equal(fieldsText({}), '')
})
