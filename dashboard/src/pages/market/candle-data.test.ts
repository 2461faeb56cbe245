import t from 'tap'
import type { Signal } from '../../api/types.js'
import { barOf, barsOf, isSignal, mergeSignals } from './candle-data.js'

const candle = (time: number, close = 1) => ({ time, open: 1, high: 2, low: 0.5, close, volume: 3, closed: true })
const signal = (id: string, time: string): Signal => ({
  id,
  time,
  strategyId: 's',
  symbol: 'BTCUSDT',
  timeframe: 'M5',
  direction: 'call',
  confidence: 0.5,
  reason: '',
})

t.test('the chart gets bars oldest first, one per time, the last word winning', async (t) => {
  const bars = barsOf([candle(120_000), candle(60_000), candle(120_000, 1.5), { time: 'x' }])
  t.same(
    bars.map(({ time, close }) => [time, close]),
    [
      [60, 1],
      [120, 1.5],
    ],
  )
  t.equal(barOf(null), undefined)
})

t.test('signals of both ways are told once, newest first', async (t) => {
  const [a, b] = [signal('a', '2026-01-01T00:00:00Z'), signal('b', '2026-01-01T00:05:00Z')]
  t.same(
    mergeSignals([a], [b, a]).map(({ id }) => id),
    ['b', 'a'],
  )
  t.ok(isSignal(a))
  t.notOk(isSignal({ ...a, direction: 'up' }))
})
