import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Candle } from '@sath/core'
import type { Test } from 'tap'

const header = 'time,open,high,low,close,volume'

/** A folder for CSV files that goes with the test. */
export function csvFolder(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'sath-feeds-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return {
    /** Writes the rows below a header (or `text` as it is) and returns the path. */
    write(name: string, rows: readonly Candle[] | string): string {
      const path = join(folder, name)
      const text =
        typeof rows === 'string'
          ? rows
          : `${header}\n${rows.map((c) => [c.time, c.open, c.high, c.low, c.close, c.volume].join()).join('\n')}\n`
      writeFileSync(path, text)
      return path
    },
    path: (name: string) => join(folder, name),
  }
}

/** A quiet candle of the n-th minute after the epoch's first day. */
export function candleAt(minute: number, close = 100): Candle {
  return {
    time: 86_400_000 + minute * 60_000,
    open: 100,
    high: Math.max(100, close),
    low: Math.min(100, close),
    close,
    volume: 1,
  }
}
