import type { Candle } from '@sath/core'
import { type BinanceClient, type Kline, klinePage } from './binance-client.js'
import { sayStatus } from './binance-status.js'
import { mergeByMinute, missingMinutes } from './catch-up.js'
import type { Feed, FeedHandlers, FeedStart } from './feed.js'
import { feedLifecycle } from './lifecycle.js'
import { systemTimer, type Timer } from './timer.js'

const minuteMs = 60_000
/** Longer absences are reported as a gap instead of being fetched. */
const maxCatchUpMs = 24 * 60 * minuteMs
/** One connection carries at most 1,024 streams. */
const maxSymbols = 1_000
/** When the sweep looks, after the minute's end: the stream has normally delivered it by then. */
const sweepAfterMs = 4_000
const maxBackOffMs = 60_000

/**
 * Public candles of Binance Spot. Two ways in, because either may fail alone: the kline stream, and a sweep after every
 * minute that fetches over REST whatever the stream did not bring. A closed candle is one that Binance calls closed.
 */
export function createBinanceFeed(client: BinanceClient, timer: Timer = systemTimer): Feed {
  let followed: readonly string[] = []
  let followedChanged = () => {}

  async function history(symbol: string, fromMs: number, toMs: number): Promise<Candle[]> {
    // Closed by Binance's clock: ours may be ahead and take an open candle for a closed one.
    const end = Math.min(toMs, Math.floor((await client.serverTime()) / minuteMs) * minuteMs)
    const found: Candle[] = []
    let next = fromMs
    while (next < end) {
      const page = await client.klines(symbol, next)
      found.push(...page.filter(({ time }) => time >= next && time < end))
      const last = page.at(-1)
      if (!last || page.length < klinePage || last.time < next) break
      next = last.time + minuteMs
    }
    return found
  }

  async function run(handlers: FeedHandlers, { startAfter }: FeedStart, signal: AbortSignal): Promise<void> {
    /** Open time of the newest candle delivered, by symbol. */
    const newest = new Map<string, number>()
    if (startAfter !== undefined) for (const symbol of followed) newest.set(symbol, startAfter)
    const status = sayStatus(handlers)
    let queue = Promise.resolve()
    let failure: unknown
    const ended = new AbortController()
    const running = AbortSignal.any([signal, ended.signal])
    /** One thing at a time, in order: deliveries must not overtake each other. */
    const inTurn = (work: () => Promise<void>): Promise<void> => {
      const turn = queue.then(() => (running.aborted ? undefined : work()))
      queue = turn.catch(() => {})
      return turn
    }

    async function deliver(series: ReadonlyMap<string, readonly Candle[]>): Promise<void> {
      for (const batch of mergeByMinute(series)) {
        if (running.aborted) return
        try {
          await handlers.onMinute(batch)
        } catch (error) {
          failure = error
          ended.abort()
          return
        }
        for (const { symbol, candle } of batch.candles) newest.set(symbol, candle.time)
      }
    }

    /** Brings every symbol up to `untilMs` (exclusive), as far as Binance has the candles. */
    async function catchUp(symbols: readonly string[], untilMs: number): Promise<void> {
      const series = new Map<string, readonly Candle[]>()
      for (const symbol of symbols) {
        const known = newest.get(symbol)
        if (known === undefined) continue
        const from = Math.max(known + minuteMs, untilMs - maxCatchUpMs)
        const candles = from < untilMs ? await history(symbol, from, untilMs) : []
        series.set(symbol, candles)
        const last = candles.at(-1)
        // What is missing at the end may still come; what lies before a candle will not.
        if (last) for (const gap of missingMinutes(symbol, candles, known + minuteMs, last.time)) handlers.onGap?.(gap)
      }
      await deliver(series)
    }

    async function onKline({ symbol, candle, closed }: Kline): Promise<void> {
      const known = newest.get(symbol)
      if (known !== undefined && candle.time <= known) return
      if (!closed) return handlers.onForming?.(symbol, candle)
      if (known !== undefined && candle.time > known + minuteMs) {
        await catchUp([symbol], candle.time)
        const fromMs = (newest.get(symbol) ?? known) + minuteMs
        if (fromMs < candle.time) handlers.onGap?.({ symbol, fromMs, toMs: candle.time })
      }
      await deliver(new Map([[symbol, [candle]]]))
    }

    async function streamLoop(): Promise<void> {
      let backOffMs = 0
      while (!running.aborted) {
        const change = new AbortController()
        followedChanged = () => change.abort()
        const interrupted = AbortSignal.any([running, change.signal])
        if (followed.length === 0) {
          await aborted(interrupted)
          continue
        }
        const onMessage = (kline: Kline) => {
          backOffMs = 0
          handlers.onTime?.(kline.sentAt)
          status.stream(undefined)
          // A failed backfill is the sweep's to repeat and to report.
          inTurn(() => onKline(kline)).catch(() => {})
        }
        const error = await Promise.race([
          client.stream(followed, onMessage).catch((reason: unknown) => reason),
          aborted(interrupted),
        ])
        await client.close()
        if (interrupted.aborted) continue
        status.stream(error)
        backOffMs = Math.min(Math.max(1_000, backOffMs * 2), maxBackOffMs)
        await timer.sleep(backOffMs, interrupted)
      }
    }

    async function sweepLoop(): Promise<void> {
      /** What Binance's clock is ahead of the monotonic one; until it is known, what ours is. */
      let aheadMs = timer.now() - timer.monotonic()
      while (!running.aborted) {
        try {
          if (followed.length > 0) {
            const now = await client.serverTime()
            aheadMs = now - timer.monotonic()
            handlers.onTime?.(now)
            await inTurn(() => catchUp(followed, Math.floor(now / minuteMs) * minuteMs))
            status.rest(undefined)
          }
        } catch (error) {
          status.rest(error)
        }
        const intoMinute = (timer.monotonic() + aheadMs) % minuteMs
        await timer.sleep(minuteMs - intoMinute + sweepAfterMs, running)
      }
    }

    await Promise.all([streamLoop(), sweepLoop()])
    await queue
    if (failure) throw failure
  }

  return {
    source: 'binance',
    synthetic: false,
    clock: 'wall',
    time: () => client.serverTime(),
    symbols: () => client.symbols(),
    history,
    follow(symbols) {
      if (symbols.length > maxSymbols) throw new Error(`the Binance feed follows at most ${maxSymbols} symbols`)
      const next = [...new Set(symbols)].sort()
      if (next.join() === followed.join()) return
      followed = next
      followedChanged()
    },
    ...feedLifecycle(run),
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
