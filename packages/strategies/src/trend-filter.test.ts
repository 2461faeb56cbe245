import { candles } from '@sath/testkit'
import t from 'tap'
import { isAgainstTrend, stepTrend, trend, trendIsWarm, trendWarmUp } from './trend-filter.js'

/** The filter after a level market of `length` candles and the closes that follow. */
function after(length: number, ...closes: readonly number[]) {
  const state = trend()
  for (const candle of candles([...Array.from({ length }, () => 10), ...closes])) stepTrend(state, candle)
  return state
}

t.test('knows a trend as soon as its average has a value', async (t) => {
  t.equal(trendWarmUp, 50)
  t.notOk(trendIsWarm(after(49)))
  t.ok(trendIsWarm(after(50)))
  t.ok(trendIsWarm(after(51)))
})

t.test('a CALL is against a market below its average, a PUT against one above, none against one on it', async (t) => {
  for (const [name, state, call, put] of [
    ['on the average', after(50), false, false],
    ['above it', after(50, 12), false, true],
    ['below it', after(50, 8), true, false],
    ['below it once more', after(50, 12, 12, 8), true, false],
  ] as const) {
    t.equal(isAgainstTrend(state, 'call'), call, `CALL ${name}`)
    t.equal(isAgainstTrend(state, 'put'), put, `PUT ${name}`)
  }
})
