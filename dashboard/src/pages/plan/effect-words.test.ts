import t from 'tap'
import { limitChange, positionFate } from './effect-words.js'

t.test('a limit of the container is told only when it changes, with when', async (t) => {
  const words = (value: number) => `${value} MiB`
  t.equal(limitChange('Memory', { before: 128, after: 128, when: 'unchanged' }, words), undefined)
  t.match(limitChange('Memory', { before: 128, after: 256, when: 'live' }, words), {
    text: '128 MiB → 256 MiB, while the bot runs',
  })
  t.match(limitChange('Memory', { before: 256, after: 128, when: 'next-start' }, words), {
    text: /with its next start/,
  })
})

t.test('a position is kept or closed', async (t) => {
  const position = { tradeId: 'a', strategyId: null, symbol: 'BTCUSDT', fate: 'kept', expiresAt: null } as const
  t.match(positionFate(position), /its own end/)
  t.match(positionFate({ ...position, expiresAt: '2026-03-01T00:00:00Z' }), /until it expires/)
  t.match(positionFate({ ...position, fate: 'closed' }), /closed/)
})
