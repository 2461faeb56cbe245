import type { Candle } from '@sath/core'

/** A symbol of the random walk: where it starts and how much it moves. */
export interface WalkSymbol {
  readonly symbol: string
  readonly start: number
  /** Standard deviation of the logarithm of the price over one minute. */
  readonly volatility: number
  /** Digits after the point. */
  readonly digits: number
}

export const walkSymbols: readonly WalkSymbol[] = [
  { symbol: 'BTCUSDT', start: 60_000, volatility: 0.0007, digits: 2 },
  { symbol: 'ETHUSDT', start: 3_000, volatility: 0.0008, digits: 2 },
  { symbol: 'EURUSD', start: 1.1, volatility: 0.0001, digits: 5 },
]

/** The walk's first minute: 2025-01-01T00:00Z. */
export const walkEpoch = Date.UTC(2025, 0, 1)

const minuteMs = 60_000
const dayMinutes = 1_440
const secondsInMinute = 60

/**
 * A seeded geometric random walk around the clock. Each minute's steps depend on (seed, symbol, minute) alone, and the
 * price on the steps since `walkEpoch`: the same in every process, at any time, in any order of asking.
 */
export function createWalk(seed: number, { symbol, start, volatility, digits }: WalkSymbol) {
  const key = hash(hash(seed >>> 0) ^ textHash(symbol))
  /** Logarithm of the price, relative to the start, at the beginning of day n; each built on the one before. */
  const days = [0]

  const stepOf = (minute: number) => normal(key, minute, 0) * volatility

  function logAt(minute: number): number {
    const day = Math.floor(minute / dayMinutes)
    while (days.length <= day) {
      let sum = days[days.length - 1] ?? 0
      const begin = (days.length - 1) * dayMinutes
      for (let m = begin; m < begin + dayMinutes; m++) sum += stepOf(m)
      days.push(sum)
    }
    let sum = days[day] ?? 0
    for (let m = day * dayMinutes; m < minute; m++) sum += stepOf(m)
    return sum
  }

  const price = (log: number) => Number((start * Math.exp(log)).toFixed(digits))

  /** The candle after `seconds` (1…60) of its minute: a bridge from the minute's open to its close. */
  function candle(minute: number, from: number, seconds: number): Candle {
    const steps = Array.from({ length: secondsInMinute }, (_, s) => normal(key, minute, s + 1))
    const drift = steps.reduce((sum, step) => sum + step, 0) / secondsInMinute
    const scale = volatility / Math.sqrt(secondsInMinute)
    const open = price(from)
    let [high, low, close, log, volume] = [open, open, open, from, 0]
    for (const step of steps.slice(0, seconds)) {
      log += (step - drift) * scale + stepOf(minute) / secondsInMinute
      close = price(log)
      high = Math.max(high, close)
      low = Math.min(low, close)
      volume += 1 + Math.floor(Math.abs(step) * 5)
    }
    if (seconds === secondsInMinute) close = price(from + stepOf(minute))
    return {
      time: walkEpoch + minute * minuteMs,
      open,
      high: Math.max(high, close),
      low: Math.min(low, close),
      close,
      volume,
    }
  }

  const minuteOf = (time: number) => Math.floor((time - walkEpoch) / minuteMs)

  return {
    symbol,
    /** Whole candles with fromMs <= time < toMs, oldest first; none before `walkEpoch`. */
    candles(fromMs: number, toMs: number): Candle[] {
      const first = Math.max(0, Math.ceil((fromMs - walkEpoch) / minuteMs))
      const found: Candle[] = []
      let log = logAt(first)
      for (let minute = first; walkEpoch + minute * minuteMs < toMs; minute++) {
        found.push(candle(minute, log, secondsInMinute))
        log += stepOf(minute)
      }
      return found
    },
    /** The minute that is open at the instant `now`, as far as it has come. */
    forming(now: number): Candle {
      const minute = minuteOf(now)
      return candle(minute, logAt(minute), Math.max(1, Math.floor((now % minuteMs) / 1_000)))
    },
  }
}

export type Walk = ReturnType<typeof createWalk>

/** Standard normal from (key, minute, index), by Box and Muller. */
function normal(key: number, minute: number, index: number): number {
  const seed = hash(key ^ hash(minute * 64 + index))
  const u = (hash(seed ^ 0x9e3779b9) + 1) / 2 ** 32
  const v = hash(seed ^ 0x85ebca6b) / 2 ** 32
  return Math.sqrt(-2 * Math.log(Math.min(u, 1))) * Math.cos(2 * Math.PI * v)
}

/** MurmurHash3's 32-bit finaliser over a Weyl step. @see https://github.com/aappleby/smhasher */
function hash(value: number): number {
  let h = (value + 0x9e3779b9) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** FNV-1a. */
function textHash(text: string): number {
  let h = 0x811c9dc5
  for (const char of text) h = Math.imul(h ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return h >>> 0
}
