import t from 'tap'
import { fieldsText, isAtLeast, type KeyedLine, mostLines, parseLine, withLines } from './log-lines.js'

const line = (key: number): KeyedLine => ({
  key,
  time: '2026-01-01T00:00:00Z',
  level: 'info',
  message: 'm',
  fields: {},
})

t.test('keeps the newest lines only', async (t) => {
  const many = Array.from({ length: mostLines }, (_, at) => line(at))
  const kept = withLines(many, [line(mostLines), line(mostLines + 1)])
  t.equal(kept.length, mostLines)
  t.equal(kept[0]?.key, 2)
  t.equal(kept.at(-1)?.key, mostLines + 1)
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
