import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { walk } from '@sath/testkit'

export const symbol = 'BTCUSDT'
/** As a live market: one candle a minute. */
export const livePace = 1 / 60

/** A recording of a random walk, the same in every run, long enough for any bench. */
export function writeRecording(directory: string): string {
  const file = join(directory, `${symbol}_M1.csv`)
  const rows = walk(5_000, { seed: 7, from: 40_000 }).map(
    ({ time, open, high, low, close, volume }) => `${time},${open},${high},${low},${close},${volume}`,
  )
  writeFileSync(file, `time,open,high,low,close,volume\n${rows.join('\n')}\n`)
  return file
}

/** SATH_FEED for this recording at so many candles a second. */
export function replayOf(file: string, candlesPerSecond: number): string {
  return `replay:${file}?speed=${candlesPerSecond.toFixed(6)}`
}
