import type { Candle } from '@sath/core'
import { candles, walk } from '@sath/testkit'
import fc from 'fast-check'
import t from 'tap'
import { crossing, shareBeyond } from './crossing.js'
import { findStrategy, type Params, withDefaults } from './index.js'
import { textbook } from './textbook.js'

/** What a strategy says about each candle: C for CALL, P for PUT, a dot for nothing. */
function said(id: string, params: Params, series: readonly Candle[]): string {
  const strategy = findStrategy(id)!
  const all = withDefaults(strategy.params, params)
  const state = strategy.init(all)
  return series.map((candle) => words[strategy.step(state, candle, all).direction]).join('')
}
const words = { call: 'C', put: 'P', none: '.' }

/** Candles without wicks. Numbers are chosen so that every value in between is exact. */
const onCloses: readonly (readonly [name: string, id: string, Params, closes: number[], answers: string])[] = [
  // RSI of 2 changes: 0 after two falls, 50 when as much is won back as the average loss, 75 after as much again.
  [
    'from below the threshold to it',
    'rsi-reversal',
    { period: 2, oversold: 50, overbought: 99 },
    [10, 8, 6, 8],
    '...C',
  ],
  ['from the threshold on', 'rsi-reversal', { period: 2, oversold: 50, overbought: 99 }, [10, 8, 6, 8, 10], '...C.'],
  ['not back yet', 'rsi-reversal', { period: 2, oversold: 50, overbought: 99 }, [10, 8, 6, 7], '....'],
  ['from above the threshold to it', 'rsi-reversal', { period: 2, oversold: 1, overbought: 50 }, [6, 8, 10, 8], '...P'],
  ['down from the threshold', 'rsi-reversal', { period: 2, oversold: 1, overbought: 50 }, [6, 8, 10, 8, 6], '...P.'],
  ['not down yet', 'rsi-reversal', { period: 2, oversold: 1, overbought: 50 }, [6, 8, 10, 9], '....'],
  // MACD 1/2/2: close less EMA 2, less its own EMA 2. The first histogram is on the third candle.
  ['a fall that slows down', 'macd-cross', { fast: 1, slow: 2, signal: 2 }, [10, 10, 7, 7, 7], '...C.'],
  ['a rise that slows down', 'macd-cross', { fast: 1, slow: 2, signal: 2 }, [10, 10, 13, 13, 13], '...P.'],
  ['from a histogram of 0 up', 'macd-cross', { fast: 1, slow: 2, signal: 2 }, [10, 10, 10, 11], '...C'],
  ['from a histogram of 0 down', 'macd-cross', { fast: 1, slow: 2, signal: 2 }, [10, 10, 10, 9], '...P'],
  // Bands of 2 closes, half a deviation wide: a fall of any size closes below the lower one.
  ['back above the lower band, back below the upper one', 'bollinger-bounce', halfWide(), [10, 8, 9, 7], '..CP'],
  ['from a lower band to it', 'bollinger-bounce', halfWide(), [10, 8, 8], '...'],
  ['from an upper band to it', 'bollinger-bounce', halfWide(), [8, 10, 10], '...'],
  ['from on the bands upwards', 'bollinger-bounce', halfWide(), [5, 5, 6], '...'],
  ['from on the bands downwards', 'bollinger-bounce', halfWide(), [5, 5, 4], '...'],
  ['touch: outside of the bands', 'bollinger-bounce', halfWide('touch'), [10, 8, 7, 9, 10], '.CCPP'],
  ['touch: on the bands', 'bollinger-bounce', halfWide('touch'), [5, 5, 5], '...'],
  // EMA 1 is the close; EMA 2 begins with the mean of two.
  ['over the slow average', 'ema-cross', { fast: 1, slow: 2 }, [10, 8, 12, 13], '..C.'],
  ['under the slow average', 'ema-cross', { fast: 1, slow: 2 }, [10, 12, 8, 7], '..P.'],
  ['from on the slow average up', 'ema-cross', { fast: 1, slow: 2 }, [10, 10, 11], '..C'],
  ['from on the slow average down', 'ema-cross', { fast: 1, slow: 2 }, [10, 10, 9], '..P'],
  ['the first gap is no crossing', 'ema-cross', { fast: 1, slow: 2 }, [10, 12, 13], '...'],
  ['above the two candles before', 'donchian-breakout', { period: 2 }, [10, 10, 10, 11], '...C'],
  ['below the two candles before', 'donchian-breakout', { period: 2 }, [10, 10, 10, 9], '...P'],
  ['above them already', 'donchian-breakout', { period: 2 }, [10, 10, 10, 11, 12], '...C.'],
  ['below them already', 'donchian-breakout', { period: 2 }, [10, 10, 10, 9, 8], '...P.'],
  ['only up to their high', 'donchian-breakout', { period: 2 }, [10, 10, 9, 10], '....'],
  ['only down to their low', 'donchian-breakout', { period: 2 }, [10, 10, 11, 10], '....'],
  ['the first channel is no breakout', 'donchian-breakout', { period: 2 }, [10, 10, 11, 12], '....'],
]

for (const [name, id, params, closes, answers] of onCloses) {
  t.test(`${id}: ${name}`, async (t) => {
    t.equal(said(id, params, candles(closes)), answers)
  })
}

function halfWide(variant = 'bounce'): Params {
  return { period: 2, deviations: 0.5, variant }
}

/** Every candle reaches from 0 to 100, so that raw %K is the close. %D is the mean of two %K. */
const onStochastic: readonly (readonly [name: string, Params, closes: number[], answers: string])[] = [
  ['%K over %D out of the zone', { oversold: 20 }, [0, 30, 10, 60, 70], '...C.'],
  ['%K over %D from just below', { oversold: 50 }, [0, 60, 49, 70], '...C'],
  ['%K over %D from the threshold', { oversold: 50 }, [0, 60, 50, 70], '....'],
  ['%K under %D out of the zone', { overbought: 80 }, [0, 70, 90, 40, 30], '...P.'],
  ['%K under %D from just above', { overbought: 50 }, [0, 40, 51, 30], '...P'],
  ['%K under %D from the threshold', { overbought: 50 }, [0, 40, 50, 30], '....'],
  ['the first %D is no crossing', { oversold: 50 }, [0, 30, 60], '...'],
]

for (const [name, params, closes, answers] of onStochastic) {
  t.test(`stochastic: ${name}`, async (t) => {
    const series = closes.map((close, time) => ({ time, open: close, high: 100, low: 0, close, volume: 0 }))
    t.equal(said('stochastic', { period: 2, smoothing: 1, signal: 2, ...params }, series), answers)
  })
}

t.test('adx-trend: an ADX of just the threshold is a trend, one below it is none', async (t) => {
  const series = walk(300, { seed: 3 })
  const strategy = findStrategy('adx-trend')!
  const anyTrend = withDefaults(strategy.params, { period: 5, threshold: 0 })
  const state = strategy.init(anyTrend)
  let crossings = 0
  for (const [index, candle] of series.entries()) {
    const { direction } = strategy.step(state, candle, anyTrend)
    if (direction === 'none') continue
    const { adx = 0, plusDi = 0, minusDi = 0 } = strategy.indicators(state)
    t.equal(direction, plusDi > minusDi ? 'call' : 'put')
    const answer = (threshold: number) => said('adx-trend', { period: 5, threshold }, series.slice(0, index + 1)).at(-1)
    t.equal(answer(adx), words[direction])
    t.equal(answer(adx + 1e-9), '.')
    crossings += 1
  }
  t.ok(crossings > 5, `${crossings} crossings`)
})

/** Rows of open, high, low, close; with a context of 1 the fall or rise before a pin bar is that of the two closes before. */
const onCandles: readonly (readonly [name: string, Params, rows: number[][], answers: string])[] = [
  ['a green body engulfs a red one', {}, [flat(9), flat(9), [9, 9, 7, 7], [7, 10, 7, 10]], '...C'],
  ['it may open below the close before', {}, [flat(9), flat(9), [9, 9, 7, 7], [6, 10, 6, 10]], '...C'],
  ['but not above it', {}, [flat(9), flat(9), [9, 9, 7, 7], [8, 10, 8, 10]], '....'],
  ['it must close above the open before', {}, [flat(9), flat(9), [9, 9, 7, 7], [7, 9, 7, 9]], '....'],
  ['a green candle before is not engulfed upwards', {}, [flat(9), flat(9), [7, 9, 7, 9], [7, 10, 7, 10]], '....'],
  ['a red body engulfs a green one', {}, [flat(9), flat(9), [7, 9, 7, 9], [9, 9, 6, 6]], '...P'],
  ['it may open above the close before', {}, [flat(9), flat(9), [7, 9, 7, 9], [10, 10, 6, 6]], '...P'],
  ['but not below it', {}, [flat(9), flat(9), [7, 9, 7, 9], [8, 8, 6, 6]], '....'],
  ['it must close below the open before', {}, [flat(9), flat(9), [7, 9, 7, 9], [9, 9, 7, 7]], '....'],
  [
    'a body without colour is engulfed neither way',
    {},
    [flat(9), flat(9), flat(9), [9, 9, 6, 6], [9, 12, 9, 12]],
    '.....',
  ],
  ['a red candle before is not engulfed downwards', {}, [flat(9), flat(9), [9, 9, 7, 7], [9, 9, 6, 6]], '....'],
  ['nothing before the warm-up', {}, [flat(9), [9, 9, 7, 7], [7, 10, 7, 10]], '...'],
  ['a long lower wick after a fall', pin(), [flat(9), flat(8), [8, 8, 4, 7]], '..C'],
  ['the wick takes up just its share', pin(), [flat(9), flat(8), [7, 8, 4, 8]], '..C'],
  ['the wick is too short', pin(), [flat(9), flat(8), [6.5, 8, 4, 8]], '...'],
  ['a long lower wick without a fall', pin(), [flat(8), flat(8), [7, 8, 4, 8]], '...'],
  ['a long lower wick after a rise', pin(), [flat(7), flat(8), [7, 8, 4, 8]], '...'],
  ['a long upper wick after a rise', pin(), [flat(7), flat(8), [8, 12, 8, 9]], '..P'],
  ['the upper wick is too short', pin(), [flat(7), flat(8), [8, 12, 8, 9.5]], '...'],
  ['a long upper wick without a rise', pin(), [flat(8), flat(8), [8, 12, 8, 9]], '...'],
  ['the context reaches further back', { wick: 0.75, context: 2 }, [flat(9), flat(7), flat(8), [7, 8, 4, 8]], '...C'],
  ['an engulfing and a pin bar against it', pin(), [flat(9), [7, 7.5, 7, 7.5], [7.5, 7.5, 1, 6.9]], '...'],
  ['an engulfing and a pin bar with it', pin(), [flat(9), [7.5, 7.5, 7, 7], [7, 7.6, 1, 7.6]], '..C'],
  ['no range, no wick', pin(), [flat(9), flat(8), flat(8)], '...'],
]

for (const [name, params, rows, answers] of onCandles) {
  t.test(`price-action: ${name}`, async (t) => {
    t.equal(said('price-action', params, rows.map(toCandle)), answers)
  })
}

function flat(price: number): number[] {
  return [price, price, price, price]
}

function pin(): Params {
  return { wick: 0.75, context: 1 }
}

function toCandle([open = 0, high = 0, low = 0, close = 0]: readonly number[], time: number): Candle {
  return { time, open, high, low, close, volume: 0 }
}

/** Colours of one-minute candles from a multiple of five minutes on: G, R, D without a body, _ a missing one. */
const onColours: readonly (readonly [name: string, gales: number, colours: string, answers: string])[] = [
  ['two green ones of three', 0, 'RRGGR', '....P'],
  ['two red ones of three', 0, 'GGRGR', '....C'],
  ['three green ones', 0, 'RRGGG', '....P'],
  ['three red ones', 0, 'GGRRR', '....C'],
  ['the first two do not count', 0, 'DDRRG', '....C'],
  ['one without a body spoils it', 0, 'GGRDR GGDRR GGRRD', '...............'],
  ['a missing one spoils it', 0, 'GGR_R GG_RR GGRR_', '............'],
  ['the quadrant before does not stand in for a missing one', 0, 'GGRRR GG_RR __RRG', '....C......C'],
  ['nor for all but the last', 0, 'GGRRR ____G ____R', '....C..'],
  ['a missing one that does not count', 0, 'G_RRR', '...C'],
  ['won at once', 2, 'GGRRR GGRGG', '....C....P'],
  ['won at the first gale', 2, 'GGRRR RGRGG', '....CC...P'],
  ['won at the second gale', 2, 'GGRRR RRGGG', '....CCC..P'],
  ['lost thrice', 2, 'GGRRR RRRRR', '....CCC..C'],
  ['one gale only', 1, 'GGRRR RRRRR', '....CC...C'],
  ['no gale', 0, 'GGRRR RRRRR', '....C....C'],
  ['a PUT that is lost', 2, 'RRGGG GGGGG', '....PPP..P'],
  ['a tie is no loss', 2, 'GGRRR DRGGG', '....C....P'],
  ['what did not follow at once was never entered', 2, 'GGRRR _RGGG', '....C...P'],
  ['a gale waits for no later candle', 2, 'GGRRR R_GGG', '....CC..P'],
]

for (const [name, gales, colours, answers] of onColours) {
  t.test(`mhi-1: ${name}`, async (t) => {
    const body = { G: 1, R: -1, D: 0 }
    const series = [...colours.replaceAll(' ', '')].flatMap((colour, index) =>
      colour === '_' ? [] : [{ ...coloured(body[colour as keyof typeof body]), time: index * 60_000 }],
    )
    t.equal(said('mhi-1', { gales }, series), answers)
  })
}

function coloured(body: number): Omit<Candle, 'time'> {
  return { open: 10, high: 11, low: 9, close: 10 + body, volume: 0 }
}

t.test('mhi-1 says nothing about candles that are not of one minute', async (t) => {
  t.notMatch(said('mhi-1', {}, walk(500, { timeframe: 'M5' })), /[CP]/)
})

t.test('a crossing begins on the line or before it and ends beyond it', async (t) => {
  const cases: [before: number, after: number, 'call' | 'put' | undefined][] = [
    [-1, 1, 'call'],
    [0, 1, 'call'],
    [1, -1, 'put'],
    [0, -1, 'put'],
    [-1, 0, undefined],
    [1, 0, undefined],
    [0, 0, undefined],
    [1, 2, undefined],
    [-1, -2, undefined],
  ]
  for (const [before, after, direction] of cases) t.equal(crossing(before, after), direction, `${before} → ${after}`)
  t.equal(shareBeyond(-1, 3), 0.75)
  t.equal(shareBeyond(1, 0), 0)
  t.equal(shareBeyond(0, -2), 1)
})

t.test('the ensemble says what the votes of the eight come to', async (t) => {
  const strategy = findStrategy('ensemble')!
  const names = Object.keys(strategy.params).filter((name) => name !== 'window' && name !== 'votes')
  t.equal(names.length, textbook.length)
  const weights = fc.tuple(...names.map(() => fc.integer({ min: 0, max: 3 })))
  let spoken = 0
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      weights,
      fc.nat(),
      (window, votes, w, seed) => {
        const series = walk(90, { seed })
        const ballots = textbook.map(({ id }) => said(id, {}, series))
        const expected = series.map((_, index) => {
          const heard = ballots.map((ballot) => ballot.slice(Math.max(0, index + 1 - window), index + 1))
          const lead = heard.reduce((sum, each, voter) => sum + w[voter]! * (count(each, 'C') - count(each, 'P')), 0)
          return index < 34 || Math.abs(lead) < votes ? '.' : lead > 0 ? 'C' : 'P'
        })
        const params = { window, votes, ...Object.fromEntries(names.map((name, voter) => [name, w[voter]!])) }
        const answers = said('ensemble', params, series)
        t.equal(answers, expected.join(''))
        spoken += count(answers, 'C') + count(answers, 'P')
      },
    ),
    { numRuns: 60 },
  )
  t.ok(spoken > 100, `${spoken} signals`)
})

function count(text: string, letter: string): number {
  return text.split(letter).length - 1
}
