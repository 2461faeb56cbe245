import { type Candle, largestPrice } from '@sath/core'
import { CsvError, parseNumber, readPages } from './csv-lines.js'
import { isSound } from './sound-candle.js'

const columns = ['time', 'open', 'high', 'low', 'close', 'volume'] as const
export const candleHeader = columns.join(',')

export interface ReadCandlesOptions {
  /** Every time must be a multiple of this, ms. Absent: a minute, as of M1 candles and whatever is made of them. */
  readonly alignMs?: number
  /** Least distance of two times, ms: that of bars of this length. Absent: any. */
  readonly apartMs?: number
}

/**
 * Candles of a CSV file (columns time,open,high,low,close,volume; time in epoch ms), oldest first, read as a stream.
 *
 * Strict, because a recording that is silently repaired is not what happened.
 * @throws CsvError naming file, line and column at the first row that is not a candle or not after the one before
 */
export async function* readCandles(path: string, options: ReadCandlesOptions = {}): AsyncGenerator<Candle> {
  for await (const page of readCandlePages(path, options)) yield* page
}

/** The same, a page of candles at a time: for whoever reads whole files, several times as fast. */
export function readCandlePages(
  path: string,
  { alignMs = 60_000, apartMs = 0 }: ReadCandlesOptions = {},
): AsyncGenerator<readonly Candle[]> {
  let last = Number.NEGATIVE_INFINITY
  return readPages(path, {
    header(text) {
      if (text === candleHeader) return
      throw new CsvError(path, 1, 'the header', `must be ${candleHeader}, not ${JSON.stringify(text.slice(0, 200))}`)
    },
    row(text, line) {
      const candle = parseRow(path, line, text)
      const { time } = candle
      if (!Number.isInteger(time / alignMs))
        throw fault(path, line, 'time', `${time} is not the start of a bar (a multiple of ${alignMs} ms)`)
      if (time <= last) throw fault(path, line, 'time', `${time} is not after ${last}`)
      if (time - last < apartMs) {
        const words = `${time} is only ${time - last} ms after the bar before it, and the bars are of ${apartMs} ms`
        throw fault(path, line, 'time', words)
      }
      last = time
      return candle
    },
  })
}

function parseRow(path: string, line: number, text: string): Candle {
  const commas = [0, 0, 0, 0, 0]
  let from = 0
  for (let i = 0; i < 5; i++) {
    const comma = text.indexOf(',', from)
    if (comma < 0) throw wrongWidth(path, line, text)
    commas[i] = comma
    from = comma + 1
  }
  if (text.indexOf(',', from) >= 0) throw wrongWidth(path, line, text)
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = commas
  const time = parseNumber(text, 0, a)
  const open = parseNumber(text, a + 1, b)
  const high = parseNumber(text, b + 1, c)
  const low = parseNumber(text, c + 1, d)
  const close = parseNumber(text, d + 1, e)
  const volume = parseNumber(text, e + 1, text.length)
  const candle = { time, open, high, low, close, volume }
  if (!(time >= 0 && Number.isSafeInteger(time) && isSound(candle, 1))) throw faultOf(path, line, text, candle)
  return candle
}

/** The first thing that is wrong with a row that is no candle. */
function faultOf(path: string, line: number, text: string, candle: Candle): CsvError {
  const cells = text.split(',')
  for (const [i, column] of columns.entries()) {
    const value = candle[column]
    if (!Number.isFinite(value)) return fault(path, line, column, `${JSON.stringify(cells[i])} is not a number`)
    if (column === 'time' && !(Number.isSafeInteger(value) && value >= 0)) {
      return fault(path, line, column, `${cells[i]} is not a time in whole ms since 1970`)
    }
    if (column === 'volume' && value < 0) return fault(path, line, column, `${value} is less than nothing`)
    if (column === 'time' || column === 'volume') continue
    if (value <= 0) return fault(path, line, column, `${value} is not a positive price`)
    if (value > largestPrice) return fault(path, line, column, `${value} is more than a price may be, ${largestPrice}`)
  }
  const { open, high, low, close } = candle
  return high < Math.max(open, close, low)
    ? fault(path, line, 'high', `${high} is not the highest price of the row`)
    : fault(path, line, 'low', `${low} is not the lowest price of the row`)
}

function wrongWidth(path: string, line: number, text: string): CsvError {
  if (text === '') return new CsvError(path, line, 'the row', 'is empty')
  return new CsvError(path, line, 'the row', `has ${text.split(',').length} columns instead of ${columns.length}`)
}

function fault(path: string, line: number, column: string, what: string): CsvError {
  return new CsvError(path, line, `column ${column}`, what)
}
