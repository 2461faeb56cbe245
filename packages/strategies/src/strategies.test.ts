import { type Candle, timeframeMs } from '@sath/core'
import { walk } from '@sath/testkit'
import fc from 'fast-check'
import t from 'tap'
import {
  catalogue,
  checkParams,
  isAgainstTrend,
  presets,
  stepTrend,
  trend,
  trendIsWarm,
  withDefaults,
} from './index.js'
import { aggregated, signalsOf } from './signals.fixture.js'
import type { Signal, Strategy } from './strategy.js'

interface Move {
  /** Cents from the last close to the open, and from there to the close. */
  readonly open: number
  readonly body: number
  /** Cents beyond the body, above and below. */
  readonly wicks: readonly [number, number]
  /** Candles left out before this one. */
  readonly missing: number
}

const mostly0 = (other: fc.Arbitrary<number>) => fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, other)
const cents = fc.integer({ min: -300, max: 300 })
const live = fc.record({
  open: mostly0(cents),
  body: cents,
  wicks: fc.tuple(mostly0(fc.nat(300)), mostly0(fc.nat(300))),
  missing: mostly0(fc.nat(9)),
})
const still = fc.constant<Move>({ open: 0, body: 0, wicks: [0, 0], missing: 0 })
const moves = fc
  .array(fc.oneof({ weight: 5, arbitrary: live.map((move) => [move]) }, fc.array(still, { maxLength: 40 })), {
    minLength: 30,
    maxLength: 120,
  })
  .map((runs) => runs.flat())

/** A market with wicks, gaps, stand-stills and jumps, in the strategy's own timeframe. */
function markets(strategy: Strategy): fc.Arbitrary<Candle[]> {
  return moves.map((all) => fromMoves(all, barMsOf(strategy)))
}

for (const strategy of catalogue) {
  const params = withDefaults(strategy.params, {})
  const market = markets(strategy)

  t.test(`${strategy.id}: the first k candles give the first k answers`, async (t) => {
    fc.assert(
      fc.property(market, fc.nat(), (candles, at) => {
        const k = at % candles.length
        t.strictSame(signalsOf(strategy, candles.slice(0, k)), signalsOf(strategy, candles).slice(0, k))
      }),
      { numRuns: 60 },
    )
  })

  t.test(`${strategy.id}: changing a candle changes no earlier answer`, async (t) => {
    fc.assert(
      fc.property(market, fc.nat(), fc.double({ min: 0.5, max: 2, noNaN: true }), (candles, at, factor) => {
        const k = at % candles.length
        const changed = candles.map((candle, index) => (index === k ? scaled(candle, factor) : candle))
        t.strictSame(signalsOf(strategy, changed).slice(0, k), signalsOf(strategy, candles).slice(0, k))
      }),
      { numRuns: 60 },
    )
  })

  t.test(`${strategy.id}: ticks, minutes and bars give the same signals`, async (t) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cents, fc.nat(40)), { minLength: 400, maxLength: 900 }), (steps) => {
        const ticks = ticksOf(steps)
        const timeframe = strategy.timeframe ?? 'M5'
        const direct = signalsOf(strategy, aggregated(ticks, timeframe))
        t.strictSame(signalsOf(strategy, aggregated(aggregated(ticks, 'M1'), timeframe)), direct)
      }),
      { numRuns: 10 },
    )
  })

  t.test(`${strategy.id}: a confirming bar that is still open changes nothing`, async (t) => {
    let dropped = 0
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (seed, at) => {
        const candles = walk(1_200, { seed, timeframe: strategy.timeframe ?? 'M5' })
        const whole = confirmed(strategy, candles)
        const k = at % candles.length
        t.strictSame(confirmed(strategy, candles.slice(0, k)), whole.slice(0, k))
        const plain = signalsOf(strategy, candles)
        dropped += plain.filter((said, index) => said.direction !== 'none' && whole[index] === 'none').length
      }),
      { numRuns: 8 },
    )
    t.ok(dropped > 0, `${dropped} signals dropped`)
  })

  t.test(
    `${strategy.id}: goes on from its JSON as if nothing had happened, and remembers finite numbers only`,
    async (t) => {
      fc.assert(
        fc.property(market, fc.nat(), (candles, at) => {
          const whole = strategy.init(params)
          let resumed = strategy.init(params)
          for (const [index, candle] of candles.entries()) {
            if (index === at % candles.length) resumed = JSON.parse(JSON.stringify(resumed))
            t.strictSame(strategy.step(resumed, candle, params), strategy.step(whole, candle, params))
            t.strictSame(strategy.indicators(resumed), strategy.indicators(whole))
          }
          t.ok(holdsNumbers(whole), JSON.stringify(whole))
          t.ok(Object.values(strategy.indicators(whole)).every(Number.isFinite))
        }),
        { numRuns: 30 },
      )
    },
  )

  t.test(`${strategy.id}: is silent before its warm-up and has all it needs at it; confidence is 0…1`, async (t) => {
    const warmUp = strategy.warmUp(params)
    let earliest = Number.POSITIVE_INFINITY
    for (let seed = 1; seed <= 200; seed++) {
      // The first candle of a walk has no colour. The second is the third of a quadrant, where MHI-1 begins to count.
      const start = Date.UTC(2024, 0, 1, 0, 1)
      const timeframe = strategy.timeframe ?? 'M5'
      const signals = signalsOf(strategy, walk(121, { seed, timeframe, start }).slice(1))
      const first = signals.findIndex(({ direction }) => direction !== 'none')
      if (first >= 0) earliest = Math.min(earliest, first)
      for (const signal of signals) {
        if (signal.direction === 'none') continue
        if (!(signal.confidence >= 0 && signal.confidence <= 1)) t.fail(`confidence ${signal.confidence}`)
        if (signal.reason.length === 0) t.fail('a signal without a reason')
      }
    }
    t.equal(earliest + 1, warmUp, 'the earliest of two hundred walks signals exactly at the warm-up')
    t.ok(strategy.memory(params) >= warmUp)
  })

  t.test(`${strategy.id}: after its memory it no longer matters where it began`, async (t) => {
    const memory = strategy.memory(params)
    const candles = walk(memory + 700, { seed: 11, timeframe: strategy.timeframe ?? 'M5' })
    for (const from of [1, 2, 3, 4, 5, 37]) {
      const later = signalsOf(strategy, candles.slice(from)).slice(memory)
      const whole = signalsOf(strategy, candles).slice(from + memory)
      t.strictSame(later.map(directionOf), whole.map(directionOf))
    }
  })
}

t.test('every preset names a strategy and parameters that it takes', async (t) => {
  t.equal(presets.length, 8)
  t.equal(new Set(presets.map(({ id }) => id)).size, 8)
  for (const { strategy, params, timeframe } of presets) {
    const known = catalogue.find(({ id }) => id === strategy)!
    t.same(checkParams(strategy, params), [])
    t.same(Object.keys(params), Object.keys(known.params))
    const signals = signalsOf(known, walk(3_000, { timeframe, seed: 2 }), params)
    t.ok(
      signals.some(({ direction }) => direction !== 'none'),
      `${strategy} speaks`,
    )
  }
})

function directionOf({ direction }: Signal): string {
  return direction
}

/** Directions that pass the trend of bars three times as long, of which it sees those that have closed. */
function confirmed(strategy: Strategy, candles: readonly Candle[]): string[] {
  const barMs = barMsOf(strategy)
  const longMs = 3 * barMs
  const state = trend()
  let open: Candle[] = []
  return signalsOf(strategy, candles).map(({ direction }, index) => {
    const candle = candles[index]!
    open.push(candle)
    if ((candle.time + barMs) % longMs === 0) {
      stepTrend(state, { ...candle, close: open.at(-1)!.close })
      open = []
    }
    return direction !== 'none' && trendIsWarm(state) && isAgainstTrend(state, direction) ? 'none' : direction
  })
}

function barMsOf({ timeframe }: Strategy): number {
  return timeframeMs(timeframe ?? 'M5')
}

/** Candles that follow each other by these moves. Prices stay above 0. */
function fromMoves(all: readonly Move[], barMs: number): Candle[] {
  let close = 10_000
  let time = 0
  return all.map(({ open: jump, body, wicks: [above, below], missing }) => {
    const open = Math.max(1, close + jump)
    close = Math.max(1, open + body)
    const high = Math.max(open, close) + above
    const low = Math.max(1, Math.min(open, close) - below)
    const candle = { time, open: open / 100, high: high / 100, low: low / 100, close: close / 100, volume: 1 }
    time += barMs * (1 + missing)
    return candle
  })
}

/** Trades that follow each other by these cents and seconds, as candles of one price each. */
function ticksOf(steps: readonly (readonly [cents: number, seconds: number])[]): Candle[] {
  let price = 10_000
  let time = 0
  return steps.map(([move, seconds]) => {
    price = Math.max(1, price + move)
    time += seconds * 1_000
    const at = price / 100
    return { time, open: at, high: at, low: at, close: at, volume: 1 }
  })
}

function scaled(candle: Candle, factor: number): Candle {
  const { open, high, low, close } = candle
  return { ...candle, open: open * factor, high: high * factor, low: low * factor, close: close * factor }
}

function holdsNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'object' && value !== null && Object.values(value).every(holdsNumbers)
}
