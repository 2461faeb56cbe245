import t from 'tap'
import { engulfing, pinBar } from './index.js'

t.test('engulfing: a body of the other colour that covers the one before', async (t) => {
  const cases: [name: string, before: [number, number], now: [number, number], strict: number, loose: number][] = [
    ['beyond on both sides, up', [9, 7], [6, 10], 1, 1],
    ['beyond on both sides, down', [7, 9], [10, 6], -1, -1],
    ['opens on the close before, up', [9, 7], [7, 10], 0, 1],
    ['opens on the close before, down', [7, 9], [9, 6], 0, -1],
    ['opens within, up', [9, 7], [8, 10], 0, 0],
    ['opens within, down', [7, 9], [8, 6], 0, 0],
    ['closes on the open before, up', [9, 7], [6, 9], 0, 0],
    ['closes on the open before, down', [7, 9], [10, 7], 0, 0],
    ['of the same colour, green', [7, 9], [6, 10], 0, 0],
    ['of the same colour, red', [9, 7], [10, 6], 0, 0],
    ['no body before, down', [8, 8], [9, 7], -1, 0],
    ['no body before, up', [8, 8], [7, 9], 0, 0],
    ['no body now', [9, 7], [10, 10], 0, 0],
  ]
  for (const [name, [o, c], [open, close], strict, loose] of cases) {
    t.equal(engulfing({ open: o, close: c }, { open, close }, 'strict'), strict, `${name}, strict`)
    t.equal(engulfing({ open: o, close: c }, { open, close }, 'loose'), loose, `${name}, loose`)
  }
})

t.test('pin bar: one wick takes up its share of the range', async (t) => {
  const cases: [name: string, prices: [open: number, high: number, low: number, close: number], number][] = [
    ['lower wick of just the share', [7, 8, 4, 8], 1],
    ['lower wick below a red body', [8, 8, 4, 7], 1],
    ['lower wick too short', [6.5, 8, 4, 8], 0],
    ['upper wick of just the share', [9, 12, 8, 8], -1],
    ['upper wick above a green body', [8, 12, 8, 9], -1],
    ['upper wick too short', [8, 12, 8, 9.5], 0],
    ['wicks on both sides', [8, 10, 6, 8], 0],
    ['no range', [8, 8, 8, 8], 0],
  ]
  for (const [name, [open, high, low, close], pointing] of cases) {
    t.equal(pinBar({ time: 0, open, high, low, close, volume: 0 }, 0.75), pointing, name)
  }
})
