import { basename } from 'node:path'
import { type Candle, isTimeframe } from '@sath/core'
import { readCandles } from './csv-candles.js'
import type { Feed, FeedStart, MinuteBatch } from './feed.js'
import { feedLifecycle } from './lifecycle.js'
import { sendInLockStep } from './lock-step.js'
import { systemTimer, type Timer } from './timer.js'

const minuteMs = 60_000

export interface ReplayOptions {
  /** CSV files of M1 candles, one symbol each: the file's name up to the first underscore. */
  readonly files: readonly string[]
  /** M1 candles per second of each symbol. A gap costs no time. */
  readonly speed: number
  readonly timer?: Timer
}

interface Recording {
  readonly symbol: string
  readonly path: string
  /** Open times of the first and last candle. */
  readonly first: number
  readonly last: number
}

/**
 * Plays recorded candles on one market clock, in lock-step with whoever handles them. Gaps stay gaps.
 * @throws Error when a file is missing, is not strict CSV of M1 candles, or two files are of one symbol
 */
export async function openReplay({ files, speed, timer = systemTimer }: ReplayOptions): Promise<Feed> {
  if (!(speed > 0 && Number.isFinite(speed))) throw new Error(`speed must be a positive number, not ${speed}`)
  const recordings: Recording[] = []
  for (const path of files) {
    const recording = await inspect(path)
    const twin = recordings.find(({ symbol }) => symbol === recording.symbol)
    if (twin) throw new Error(`${twin.path} and ${path} are both of ${recording.symbol}`)
    recordings.push(recording)
  }
  if (recordings.length === 0) throw new Error('a replay needs at least one file')
  recordings.sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
  let position = Number.NEGATIVE_INFINITY

  return {
    source: 'replay',
    synthetic: false,
    clock: 'market',
    time: async () => position + minuteMs,
    symbols: async () => recordings.map(({ symbol }) => symbol),
    async history(symbol, fromMs, toMs) {
      const recording = recordings.find((each) => each.symbol === symbol)
      if (!recording) throw new Error(`the replay has no ${symbol}`)
      const until = Math.min(toMs, position + 1)
      const found: Candle[] = []
      if (recording.first >= until) return found
      for await (const candle of readCandles(recording.path)) {
        if (candle.time >= until) break
        if (candle.time >= fromMs) found.push(candle)
      }
      return found
    },
    follow() {},
    ...feedLifecycle(async (handlers, options, signal) => {
      position = options.startAfter ?? Number.NEGATIVE_INFINITY
      handlers.onStatus?.({ connected: true, reason: describe(recordings, speed, options) })
      const onPosition = (time: number) => {
        position = time
      }
      const minutes = mergeMinutes(recordings, position)
      const finished = await sendInLockStep(minutes, handlers, { speed, timer, signal, onPosition })
      if (!finished) return
      handlers.onStatus?.({ connected: true, reason: 'the recording is over' })
      await handlers.onEnd?.()
    }),
  }
}

/** Reads the whole file once, so that a bad row is found at the start and not in the middle of a day's trading. */
async function inspect(path: string): Promise<Recording> {
  const [symbol = '', timeframe = ''] = basename(path)
    .replace(/\.csv$/i, '')
    .split('_')
  if (!/^[A-Z0-9.-]{2,20}$/.test(symbol)) throw new Error(`${path}: "${symbol}" is not a symbol such as BTCUSDT`)
  if (isTimeframe(timeframe) && timeframe !== 'M1')
    throw new Error(`${path}: a replay takes M1 candles, not ${timeframe}`)
  let first: number | undefined
  let last = 0
  try {
    for await (const { time } of readCandles(path)) {
      first ??= time
      last = time
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error(`there is no file ${path}`, { cause: error })
    throw error
  }
  if (first === undefined) throw new Error(`${path} has no candles`)
  return { symbol, path, first, last }
}

/** Every minute after `position` in which at least one recording has a candle, oldest first. */
async function* mergeMinutes(recordings: readonly Recording[], position: number): AsyncGenerator<MinuteBatch> {
  const streams = recordings.filter(({ last }) => last > position).map((each) => cursor(each, position))
  try {
    await Promise.all(streams.map((stream) => stream.advance()))
    while (true) {
      const time = Math.min(...streams.map(({ head }) => head?.time ?? Number.POSITIVE_INFINITY))
      if (time === Number.POSITIVE_INFINITY) return
      const candles: { symbol: string; candle: Candle }[] = []
      for (const stream of streams) {
        if (stream.head?.time !== time) continue
        candles.push({ symbol: stream.symbol, candle: stream.head })
        await stream.advance()
      }
      yield { time, candles }
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.close()))
  }
}

function cursor({ symbol, path }: Recording, position: number) {
  const candles = readCandles(path)
  return {
    symbol,
    head: undefined as Candle | undefined,
    async advance(): Promise<void> {
      do {
        const next = await candles.next()
        this.head = next.done ? undefined : next.value
      } while (this.head && this.head.time <= position)
    },
    close: () => candles.return(undefined),
  }
}

function describe(recordings: readonly Recording[], speed: number, { startAfter }: FeedStart): string {
  const first = Math.min(...recordings.map((each) => each.first))
  const last = Math.max(...recordings.map((each) => each.last))
  const span = `${iso(first)} to ${iso(last)}`
  const what = `replaying ${recordings.map(({ symbol }) => symbol).join(', ')}, ${span}, ${speed} a second`
  if (startAfter === undefined) return what
  if (startAfter >= last) return `${what}: nothing left, the last stored candle is of ${iso(startAfter)}`
  return `${what}, going on after ${iso(startAfter)}`
}

const iso = (time: number) => new Date(time).toISOString().slice(0, 16)
