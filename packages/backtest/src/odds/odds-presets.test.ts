import t from 'tap'
import { checkOdds } from './check-odds.js'
import { breakEvenWinRate } from './closed-forms.js'
import { exactOdds } from './exact-odds.js'
import { measuredRateVerdict, measuredWinRates } from './measured-win-rates.js'
import { oddsPresets } from './odds-presets.js'

t.test('the classic 80 % says that 80 % was put in, and what a bust costs', async (t) => {
  const classic = oddsPresets.find(({ id }) => id === 'classic-80')!
  t.equal(exactOdds(classic.input).mean.toFixed(4), '4266.0059')
  t.equal(exactOdds({ ...classic.input, winRate: 0.5 }).mean.toFixed(2), '2818.81')
  const said = [
    'was put in; it was not measured',
    '4266.01, 22 %',
    '2818.81',
    '2594.93, 74 % of the capital',
    '55.56 %',
  ]
  for (const words of said) t.ok(classic.summary.includes(words), words)
})

t.test('each preset can be computed, has its own id, and tells the win rate in it', async (t) => {
  t.equal(new Set(oddsPresets.map(({ id }) => id)).size, oddsPresets.length)
  for (const { id, summary, input } of oddsPresets) {
    t.same(checkOdds(input), [], id)
    t.ok(summary.includes(`${Math.round(input.winRate * 10_000) / 100}`), id)
    t.ok(summary.includes('74 % of the capital'), id)
  }
})

t.test('no measured rate breaks even at a payout of 0.85', async (t) => {
  t.equal(measuredWinRates.length, 8)
  for (const { strategy, low, rate, high } of measuredWinRates)
    t.ok(low < rate && rate < high && high < breakEvenWinRate(0.85), strategy)
})

t.test('the interval of a measured rate is held against break-even', async (t) => {
  const verdicts: [low: number, high: number, words: RegExp][] = [
    [0.48, 0.52, /^Break-even is 54\.05 %.*below it: every stake plan loses in the mean/],
    [0.52, 0.56, /no edge is shown/],
    [0.55, 0.6, /an edge is shown at 95 %/],
  ]
  for (const [low, high, words] of verdicts) t.match(measuredRateVerdict({ low, high }, 0.85), words)
})
