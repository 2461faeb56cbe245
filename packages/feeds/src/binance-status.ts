import type { FeedHandlers } from './feed.js'

/** Says so when the feed as a whole comes or goes: it is there while either way in works. */
export function sayStatus(handlers: FeedHandlers) {
  const errors: { stream?: unknown; rest?: unknown } = {}
  let said: string | undefined
  function say(): void {
    const connected = errors.stream === undefined || errors.rest === undefined
    const reason = connected
      ? errors.stream === undefined
        ? 'candles of Binance Spot'
        : `candles of Binance Spot over REST; no stream: ${text(errors.stream)}`
      : `Binance does not answer: ${text(errors.rest)}`
    if (reason === said) return
    said = reason
    handlers.onStatus?.({ connected, reason })
  }
  return {
    stream(error: unknown) {
      errors.stream = error
      say()
    },
    rest(error: unknown) {
      errors.rest = error
      say()
    },
  }
}

const text = (error: unknown) => (error instanceof Error ? error.message : String(error))
