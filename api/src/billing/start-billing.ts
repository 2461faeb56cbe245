import type { Database } from '@sath/db'
import { startEventLoop } from './event-loop.js'
import type { EventParts } from './handle-events.js'
import { startStripeSweep } from './sweep.js'

/** What goes on by itself: stored events are dealt with, and everything is compared with Stripe daily. */
export function startBilling(parts: EventParts & { readonly database: Database }): { stop(): Promise<void> } {
  const running = [startEventLoop(parts), startStripeSweep(parts)]
  return {
    async stop() {
      await Promise.all(running.map((each) => each.stop()))
    },
  }
}
