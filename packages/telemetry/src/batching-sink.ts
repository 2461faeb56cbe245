import type { MetricPoint, MetricSink } from './metrics.js'

export interface BatchingSinkOptions {
  /** Stores a batch or rejects. May be called again with points it stored already. */
  readonly store: (points: readonly MetricPoint[]) => Promise<void>
  /** True for an error that sending the same points again cannot cure. */
  readonly isPermanent: (error: unknown) => boolean
  /** Pause between two batches, ms. After failures it doubles up to `maxPauseMs`. */
  readonly everyMs?: number
  readonly maxPauseMs?: number
  /** Most points of one call. */
  readonly batchSize?: number
  /** Most points kept; the oldest are dropped for newer ones. */
  readonly maxBuffered?: number
}

/** A metric sink in front of any store: buffered, bounded, retried, silent. */
export function createBatchingSink({
  store,
  isPermanent,
  everyMs = 1_000,
  maxPauseMs = 30_000,
  batchSize = 2_000,
  maxBuffered = 20_000,
}: BatchingSinkOptions): MetricSink {
  let buffer: MetricPoint[] = []
  let dropped = 0
  let closed = false
  let pauseMs = everyMs
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<boolean> | undefined

  /** Splits a batch the store will never take until the point that spoils it stands alone, and drops that one. */
  async function storeOrSplit(points: readonly MetricPoint[]): Promise<void> {
    try {
      await store(points)
    } catch (error) {
      if (!isPermanent(error)) throw error
      if (points.length <= 1) {
        dropped += points.length
        return
      }
      const half = points.length >> 1
      await storeOrSplit(points.slice(0, half))
      await storeOrSplit(points.slice(half))
    }
  }

  /** Sends what is there now, and not what comes meanwhile, which might never end; false when the store does not answer. */
  async function drain(): Promise<boolean> {
    for (let left = buffer.length; left > 0; left -= batchSize) {
      const batch = buffer.splice(0, Math.min(left, batchSize))
      try {
        await storeOrSplit(batch)
        pauseMs = everyMs
      } catch {
        buffer = [...batch, ...buffer]
        shrink()
        pauseMs = Math.min(pauseMs * 2, maxPauseMs)
        return false
      }
    }
    return true
  }

  function shrink(): void {
    const excess = buffer.length - maxBuffered
    if (excess <= 0) return
    buffer.splice(0, excess)
    dropped += excess
  }

  function send(): Promise<boolean> {
    sending ??= drain().finally(() => {
      sending = undefined
      schedule()
    })
    return sending
  }

  function schedule(): void {
    if (timer || closed || buffer.length === 0) return
    timer = setTimeout(() => {
      timer = undefined
      void send()
    }, pauseMs)
    timer.unref()
  }

  return {
    write(points) {
      const good = points.filter(isStorable)
      dropped += points.length - good.length
      if (closed) {
        dropped += good.length
        return
      }
      buffer.push(...good)
      shrink()
      schedule()
    },
    async flush() {
      // What is under way may have begun before the newest points came.
      if (sending && !(await sending)) return
      await send()
    },
    async close() {
      if (closed) return
      closed = true
      clearTimeout(timer)
      if (!sending || (await sending)) await send()
      dropped += buffer.length
      buffer = []
    },
    get dropped() {
      return dropped
    },
  }
}

/** Control characters, or a backslash at the end, which line protocol cannot carry. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unstorable = /[\u0000-\u001f\u007f]|\\$/

function isStorable({ tenantId, name, unit, time, value }: MetricPoint): boolean {
  if (!Number.isFinite(value) || !Number.isSafeInteger(time) || name === '') return false
  return ![tenantId, name, unit].some((text) => unstorable.test(text))
}
