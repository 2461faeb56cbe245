import { candles } from '@sath/testkit'
import t from 'tap'
import { planCandles, type SlotStart, slotName } from './candle-plan.js'

const start = Date.UTC(2024, 0, 1)
const minute = 60_000
const m1 = { source: 'replay', symbol: 'A', timeframe: 'M1', warmUp: 3, decidedBy: ['s'], confirms: [] } as const
const m5 = { source: 'replay', symbol: 'A', timeframe: 'M5', warmUp: 2, decidedBy: [], confirms: ['s'] } as const
const m1Bars = candles(Array(10).fill(1), { start })
const m5Bars = candles(Array(2).fill(1), { start, timeframe: 'M5' })
const now = start + 10 * minute

function plan(starts: Record<string, SlotStart>, series: Parameters<typeof planCandles>[0]) {
  return planCandles(
    series,
    (id, symbol) => starts[slotName(id, symbol)],
    (close) => close >= now,
  ).map(({ message: { key, candle, mode, strategyIds }, decidedBy }) =>
    [key.timeframe, (candle.time - start) / minute, mode, strategyIds?.join(), decidedBy.join()].join(' '),
  )
}

t.test('a fresh strategy warms up and decides on the candle that has just closed', async (t) => {
  const history = { series: m1, candles: m1Bars.slice(-3), warmUpFrom: start + 7 * minute }
  t.same(plan({ 's A': { timeframe: 'M1', resumeAfter: undefined } }, [history]), [
    'M1 7 warm-up s ',
    'M1 8 warm-up s ',
    'M1 9 live s s',
  ])
})

t.test('a resumed strategy hears what it missed as stale, and the present live', async (t) => {
  const history = { series: m1, candles: m1Bars, warmUpFrom: Number.POSITIVE_INFINITY }
  t.same(plan({ 's A': { timeframe: 'M1', resumeAfter: start + 6 * minute } }, [history]), [
    'M1 7 stale s s',
    'M1 8 stale s s',
    'M1 9 live s s',
  ])
  t.same(plan({ 's A': { timeframe: 'M1', resumeAfter: start + 9 * minute } }, [history]), [], 'up to date')
})

t.test('confirming bars come in order of close, before the shorter bar that closes with them', async (t) => {
  const base = { series: m1, candles: m1Bars, warmUpFrom: Number.POSITIVE_INFINITY }
  const confirming = { series: m5, candles: m5Bars, warmUpFrom: Number.POSITIVE_INFINITY }
  t.same(plan({ 's A': { timeframe: 'M1', resumeAfter: start + 7 * minute } }, [base, confirming]), [
    'M1 8 stale s s',
    'M5 5 warm-up s ',
    'M1 9 live s s',
  ])
})

t.test('two strategies on one series each get what is theirs', async (t) => {
  const both = { series: { ...m1, decidedBy: ['s', 'n'] }, candles: m1Bars, warmUpFrom: start + 8 * minute }
  const starts = {
    's A': { timeframe: 'M1', resumeAfter: start + 7 * minute },
    'n A': { timeframe: 'M1', resumeAfter: undefined },
  } as const
  t.same(plan(starts, [both]), ['M1 8 warm-up n ', 'M1 8 stale s s', 'M1 9 live s,n s,n'])
})
