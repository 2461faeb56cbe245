import { mergeByMinute } from './catch-up.js'
import type { Feed, FeedHandlers, FeedStart, MinuteBatch } from './feed.js'
import { feedLifecycle } from './lifecycle.js'
import { sendInLockStep } from './lock-step.js'
import { createWalk, type Walk, walkSymbols } from './synthetic-walk.js'
import { systemTimer, type Timer } from './timer.js'

export interface SyntheticOptions {
  /** uint32; the same seed gives the same prices for ever. */
  readonly seed: number
  /** Absent: minutes close on the wall clock. Present: that many minutes a second, in lock-step, from a day ago. */
  readonly speed?: number | undefined
  readonly timer?: Timer
}

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs
/** The seed behind the plain name `synthetic`. Another seed is another source, so their candles never mix. */
export const defaultSeed = 1

/** A market that does not exist, for trying Sath without a network. */
export function createSyntheticFeed({ seed, speed, timer = systemTimer }: SyntheticOptions): Feed {
  const walks = walkSymbols.map((each) => createWalk(seed, each))
  let followed: ReadonlySet<string> = new Set()
  let position = Number.NEGATIVE_INFINITY

  const thisMinute = () => Math.floor(timer.now() / minuteMs) * minuteMs
  const closedBefore = () => (speed === undefined ? thisMinute() : position + minuteMs)

  async function runWall(handlers: FeedHandlers, { startAfter }: FeedStart, signal: AbortSignal): Promise<void> {
    handlers.onStatus?.({ connected: true, reason: 'synthetic candles: a seeded random walk, no market' })
    let next = Math.max((startAfter ?? thisMinute() - minuteMs) + minuteMs, thisMinute() - dayMs)
    while (!signal.aborted) {
      const open = thisMinute()
      handlers.onTime?.(timer.now())
      const wanted = walks.filter(({ symbol }) => followed.has(symbol))
      for (const minute of minutes(wanted, next, open)) {
        if (signal.aborted) return
        await handlers.onMinute(minute)
      }
      next = Math.max(next, open)
      for (const walk of wanted) handlers.onForming?.(walk.symbol, walk.forming(timer.now()))
      await timer.sleep(1_000 - (timer.now() % 1_000), signal)
    }
  }

  async function runMarket(handlers: FeedHandlers, options: FeedStart, signal: AbortSignal, pace: number) {
    handlers.onStatus?.({ connected: true, reason: `synthetic candles: a seeded random walk, ${pace} a second` })
    position = options.startAfter ?? thisMinute() - dayMs
    const onPosition = (time: number) => {
      position = time
    }
    await sendInLockStep(endless(walks, position + minuteMs), handlers, { speed: pace, timer, signal, onPosition })
  }

  return {
    source: seed === defaultSeed ? 'synthetic' : `synthetic-${seed}`,
    synthetic: true,
    clock: speed === undefined ? 'wall' : 'market',
    time: async () => (speed === undefined ? timer.now() : position + minuteMs),
    symbols: async () => walks.map(({ symbol }) => symbol),
    async history(symbol, fromMs, toMs) {
      const walk = walks.find((each) => each.symbol === symbol)
      if (!walk) throw new Error(`the synthetic feed has no ${symbol}`)
      return walk.candles(fromMs, Math.min(toMs, closedBefore()))
    },
    follow(symbols) {
      followed = new Set(symbols)
    },
    ...feedLifecycle((handlers, options, signal) =>
      speed === undefined ? runWall(handlers, options, signal) : runMarket(handlers, options, signal, speed),
    ),
  }
}

function minutes(walks: readonly Walk[], fromMs: number, toMs: number): MinuteBatch[] {
  return mergeByMinute(new Map(walks.map((walk) => [walk.symbol, walk.candles(fromMs, toMs)])))
}

async function* endless(walks: readonly Walk[], fromMs: number): AsyncGenerator<MinuteBatch> {
  const pageMs = 60 * minuteMs
  for (let from = fromMs; ; from += pageMs) yield* minutes(walks, from, from + pageMs)
}
