import { createReadStream } from 'node:fs'
import type { Candle } from '@sath/core'

const columns = ['time', 'open', 'high', 'low', 'close', 'volume'] as const
const whole = /^\d{1,15}$/
const plainNumber = /^\d+(\.\d+)?(e[+-]?\d{1,3})?$/i

/**
 * M1 candles of a CSV file (columns time,open,high,low,close,volume; time in epoch ms), oldest first, read as a stream.
 *
 * Strict, because a recording that is silently repaired is not what happened.
 * @throws Error naming file, line and column at the first row that is not a candle or not after the one before
 */
export async function* readCandles(path: string): AsyncGenerator<Candle> {
  let line = 0
  let last = Number.NEGATIVE_INFINITY
  for await (const text of readLines(path)) {
    line++
    if (line === 1) {
      if (text !== columns.join(',')) throw fault(path, 1, 'the header', `must be ${columns.join(',')}, not "${text}"`)
      continue
    }
    const candle = parseRow(path, line, text)
    if (candle.time <= last) throw fault(path, line, 'time', `${candle.time} is not after ${last}`)
    last = candle.time
    yield candle
  }
  if (line === 0) throw new Error(`${path} is empty`)
}

async function* readLines(path: string): AsyncGenerator<string> {
  let rest = ''
  let first = true
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + (first ? chunk.replace(/^\uFEFF/, '') : chunk)).split('\n')
    first = false
    rest = lines.pop() ?? ''
    for (const text of lines) yield text.endsWith('\r') ? text.slice(0, -1) : text
  }
  if (rest !== '') yield rest
}

function parseRow(path: string, line: number, text: string): Candle {
  const cells = text.split(',')
  if (cells.length !== columns.length) {
    throw fault(path, line, 'the row', `has ${cells.length} columns instead of ${columns.length}`)
  }
  const numbers = columns.map((column, i) => {
    const cell = cells[i] ?? ''
    const value = (column === 'time' ? whole : plainNumber).test(cell) ? Number(cell) : Number.NaN
    if (!Number.isFinite(value)) throw fault(path, line, column, `"${cell}" is not a number`)
    return value
  })
  const [time, open, high, low, close, volume] = numbers as [number, number, number, number, number, number]
  if (time % 60_000 !== 0) throw fault(path, line, 'time', `${time} is not the start of a minute (M1 candles, ms)`)
  if (high < Math.max(open, close, low)) throw fault(path, line, 'high', `${high} is not the highest price of the row`)
  if (low > Math.min(open, close)) throw fault(path, line, 'low', `${low} is not the lowest price of the row`)
  if (low <= 0) throw fault(path, line, 'low', `${low} is not a positive price`)
  return { time, open, high, low, close, volume }
}

function fault(path: string, line: number, column: string, what: string): Error {
  return new Error(`${path} line ${line}, ${column}: ${what}`)
}
