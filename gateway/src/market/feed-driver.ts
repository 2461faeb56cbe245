import { setTimeout as delay } from 'node:timers/promises'
import type { Bus } from '@sath/bus'
import { bucketStart, type Candle } from '@sath/core'
import { type Db, lastMinutes, minutesAfter } from '@sath/db'
import type { Feed, FeedStatus, Gap, MinuteBatch } from '@sath/feeds'
import type { Logger } from 'pino'
import { persist } from '../persist.js'
import { publishForming } from './candle-topics.js'
import type { Market } from './market.js'
import type { SourceClock } from './source-clock.js'

/** How often a gateway that does not lead looks for minutes the leader has stored, ms. */
const followEveryMs = 1_000
const overlapMs = 180_000
const mostAtOnce = 2_000
const dayMs = 86_400_000

export interface FeedDriverDeps {
  readonly db: Db
  readonly log: Logger
  readonly signal: AbortSignal
  readonly bus: Bus
  readonly feed: Feed
  readonly market: Market
  readonly sourceClock: SourceClock
  /** Resolves when the next minute of a recording may come. */
  readonly acknowledged: () => Promise<void>
  /** Resolves once somebody has use for the next minute of a recording, or the signal aborts. */
  readonly wanted: (stop: AbortSignal) => Promise<void>
  readonly onStatus: (status: FeedStatus) => void
  /** A minute could not be taken in for a reason that waiting does not cure; the market stands still. */
  readonly onBroken: (error: unknown) => void
}

/** Leads the market by the feed, or follows what the leading gateway stores. */
export function createFeedDriver(deps: FeedDriverDeps) {
  const { db, log, signal, bus, feed, market } = deps
  let following: AbortController | undefined
  let leading: AbortController | undefined
  let started = false

  async function onMinute(batch: MinuteBatch, stop: AbortSignal): Promise<void> {
    try {
      await market.minute(batch, true)
    } catch (error) {
      if (!signal.aborted) deps.onBroken(error)
      throw error
    }
    if (feed.clock !== 'market') return
    await deps.acknowledged()
    await deps.wanted(stop)
  }

  async function startFeed(stop: AbortSignal): Promise<void> {
    if (feed.clock === 'market') {
      await deps.wanted(stop)
      // Those who were with us a moment ago are on their way back.
      await deps.acknowledged()
    }
    const insist = { signal: stop, log }
    // Whoever led before may have stored minutes that we have not heard of.
    await persist('the last minutes', () => readStored(stop), insist)
    const last = await persist('the last minutes', () => lastMinutes(db, feed.source), insist)
    if (stop.aborted) return
    const startAfter = startOf(feed, [...last.values()])
    started = true
    await feed.start(
      {
        onMinute: (batch) => onMinute(batch, stop),
        onTime: deps.sourceClock.heard,
        onForming: (symbol, candle) => publishForming(bus, market, symbol, candle),
        onGap: (gap: Gap) => log.warn({ source: feed.source, ...gap }, 'minutes that the source could not give'),
        onStatus: deps.onStatus,
        async onEnd() {
          log.info({ source: feed.source }, 'the feed has ended; what is open is refunded')
          await market.end()
        },
      },
      startAfter === undefined ? {} : { startAfter },
    )
  }

  /** Takes in what is stored and not known here yet. */
  async function readStored(stop: AbortSignal): Promise<void> {
    for (;;) {
      // A little of what is known again: symbols of one minute may be stored one after the other.
      const after = (market.now ?? 0) - overlapMs
      const rows = await minutesAfter(db, feed.source, after, mostAtOnce)
      const batches = batchesOf(rows)
      const cut = rows.length === mostAtOnce
      for (const batch of cut ? batches.slice(0, -1) : batches) {
        if (stop.aborted) return
        await market.minute(batch, false)
      }
      if (!cut) return
    }
  }

  async function followStored(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await readStored(stop).catch((error: unknown) => {
        if (!stop.aborted) log.warn({ err: error }, 'the stored minutes could not be read')
      })
      await delay(followEveryMs, undefined, { signal: stop }).catch(() => {})
    }
  }

  return {
    async lead(): Promise<void> {
      following?.abort()
      following = undefined
      if (leading) return
      leading = new AbortController()
      const stop = AbortSignal.any([signal, leading.signal])
      // Not awaited: a recording waits for its first bot.
      startFeed(stop).catch((error: unknown) => stop.aborted || log.error({ err: error }, 'the feed did not start'))
    },
    async follow(): Promise<void> {
      leading?.abort()
      leading = undefined
      if (started) await feed.stop()
      started = false
      following = new AbortController()
      void followStored(AbortSignal.any([signal, following.signal]))
    },
    async stop(): Promise<void> {
      following?.abort()
      leading?.abort()
      if (started) await feed.stop()
    },
  }
}

/** A recording goes on after the newest minute; a wall feed where the symbol that is furthest behind, within a day, ended. */
function startOf({ clock }: Feed, last: readonly number[]): number | undefined {
  if (last.length === 0) return undefined
  const newest = Math.max(...last)
  return clock === 'market' ? newest : Math.min(...last.filter((time) => time > newest - dayMs))
}

function batchesOf(rows: readonly { symbol: string; candle: Candle }[]): MinuteBatch[] {
  const batches = new Map<number, { symbol: string; candle: Candle }[]>()
  for (const row of rows) {
    const time = bucketStart(row.candle.time, 'M1')
    const batch = batches.get(time)
    if (batch) batch.push(row)
    else batches.set(time, [row])
  }
  return [...batches].map(([time, candles]) => ({ time, candles }))
}
