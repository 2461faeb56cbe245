import { basename } from 'node:path'
import { type Candle, type Timeframe, timeframeMs, timeframes } from '@sath/core'
import { CsvError, type ReadCandlesOptions, readCandlePages } from '@sath/feeds'
import { BadInput } from './bad-input.js'

/** All candles of a file, oldest first. @throws CsvError naming line and column; BadInput for a file without candles */
export async function loadCandles(path: string, options?: ReadCandlesOptions): Promise<Candle[]> {
  const candles: Candle[] = []
  for await (const page of readCandlePages(path, options)) for (const candle of page) candles.push(candle)
  if (candles.length === 0) throw new BadInput(`${path} has no candles`)
  return candles
}

/**
 * The length of a file's bars: its smallest step of time, because gaps only make steps longer. A single bar is taken for a
 * minute.
 *
 * @throws CsvError when that is no timeframe, or a bar does not begin where one of its length does
 */
export function timeframeOfBars(path: string, candles: readonly Candle[]): Timeframe {
  let step = Number.POSITIVE_INFINITY
  let line = 2
  for (const [i, { time }] of candles.entries()) {
    const before = candles[i - 1]
    if (!before || time - before.time >= step) continue
    step = time - before.time
    line = lineOf(i)
  }
  const timeframe = candles.length < 2 ? 'M1' : timeframes.find((each) => timeframeMs(each) === step)
  if (!timeframe) {
    const words = `comes ${step} ms after the bar before it, which is none of ${timeframes.join(', ')}`
    throw new CsvError(path, line, 'column time', words)
  }
  const ms = timeframeMs(timeframe)
  const odd = candles.findIndex(({ time }) => time % ms !== 0)
  if (odd < 0) return timeframe
  const words = `${candles[odd]?.time} is not the start of an ${timeframe} bar (a multiple of ${ms} ms)`
  throw new CsvError(path, lineOf(odd), 'column time', words)
}

/** Line of a file in which its n-th candle (from 0) stands, below the header. */
function lineOf(index: number): number {
  return index + 2
}

/** The symbol a file is named after: what stands before the first underscore, where it looks like one. */
export function symbolOfFile(path: string): string {
  const [symbol = ''] = basename(path)
    .replace(/\.csv$/i, '')
    .split('_')
  return /^[A-Z0-9.-]{2,20}$/.test(symbol) ? symbol : 'SYMBOL'
}

/** A candle as a line of a CSV file, every number in full. */
export function csvRow({ time, open, high, low, close, volume }: Candle): string {
  return `${time},${open},${high},${low},${close},${volume}`
}
