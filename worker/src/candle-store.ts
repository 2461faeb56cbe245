import type { Candle, SeriesKey } from '@sath/core'
import type { StoredMinute } from '@sath/db'

/** Numbers a candle takes. */
const width = 7

/** Candles in memory, eight bytes a number, for a search that goes over them many times. */
export interface CandleStore {
  readonly count: number
  add(page: readonly StoredMinute[]): void
  /** All of them, in the order in which they were added. */
  candles(): Iterable<readonly [SeriesKey, Candle]>
}

export function candleStore(): CandleStore {
  const pages: Float64Array[] = []
  const keys: SeriesKey[] = []
  const indexes = new Map<string, number>()
  let count = 0

  function indexOf({ source, symbol }: StoredMinute): number {
    const name = `${source} ${symbol}`
    const known = indexes.get(name)
    if (known !== undefined) return known
    indexes.set(name, keys.length)
    return keys.push({ source, symbol, timeframe: 'M1' }) - 1
  }

  return {
    get count() {
      return count
    },
    add(page) {
      const numbers = new Float64Array(page.length * width)
      for (const [row, minute] of page.entries()) {
        const { time, open, high, low, close, volume } = minute.candle
        numbers.set([indexOf(minute), time, open, high, low, close, volume], row * width)
      }
      pages.push(numbers)
      count += page.length
    },
    *candles() {
      for (const page of pages) {
        for (let at = 0; at < page.length; at += width) {
          const number = (column: number) => page[at + column] as number
          const key = keys[number(0)] as SeriesKey
          yield [key, candleOf(number)]
        }
      }
    },
  }
}

function candleOf(number: (column: number) => number): Candle {
  return { time: number(1), open: number(2), high: number(3), low: number(4), close: number(5), volume: number(6) }
}
