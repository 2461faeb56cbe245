import type { Timeframe } from '@sath/core'

/** A candle that a bot was given and has not decided yet. */
export interface AwaitedDecision {
  readonly strategyId: string
  readonly symbol: string
  readonly timeframe: Timeframe
  /** Open time, epoch ms. */
  readonly candleTime: number
  readonly mode: 'live' | 'stale'
  /** In force when the candle was given. */
  readonly configVersion: number
  /** Monotonic, ms. */
  readonly sentAt: number
}

/** What a bot owes: by strategy and symbol, oldest first. A bot answers in this order or not at all. */
export interface Awaited {
  readonly size: number
  add(decision: AwaitedDecision): void
  /** Takes the next one of this slot if it is of this candle; undefined: nobody asked. */
  take(strategyId: string, symbol: string, candleTime: number): AwaitedDecision | undefined
}

export function createAwaited(): Awaited {
  const slots = new Map<string, AwaitedDecision[]>()
  let size = 0
  return {
    get size() {
      return size
    },
    add(decision) {
      const key = `${decision.strategyId} ${decision.symbol}`
      const queue = slots.get(key)
      if (queue) queue.push(decision)
      else slots.set(key, [decision])
      size++
    },
    take(strategyId, symbol, candleTime) {
      const queue = slots.get(`${strategyId} ${symbol}`)
      if (queue?.[0]?.candleTime !== candleTime) return undefined
      size--
      return queue.shift()
    },
  }
}
