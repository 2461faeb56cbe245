import type { Feed, FeedHandlers, FeedStart } from './feed.js'

/** The work of a feed between start and stop: returns when the signal aborts or the recording is over. */
export type FeedRun = (handlers: FeedHandlers, options: FeedStart, signal: AbortSignal) => Promise<void>

/** Start and stop around one background run. A run that throws ends with a status that says why. */
export function feedLifecycle(run: FeedRun): Pick<Feed, 'start' | 'stop'> {
  let current: { readonly abort: AbortController; readonly done: Promise<void> } | undefined
  return {
    async start(handlers, options = {}) {
      if (current) throw new Error('the feed is already started')
      const abort = new AbortController()
      const done = run(handlers, options, abort.signal).catch((error: unknown) => {
        handlers.onStatus?.({ connected: false, reason: `stopped: ${error instanceof Error ? error.message : error}` })
      })
      current = { abort, done }
    },
    async stop() {
      const stopping = current
      if (!stopping) return
      stopping.abort.abort()
      await stopping.done
      if (current === stopping) current = undefined
    },
  }
}
