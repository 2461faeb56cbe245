import type { Bus, BusLog } from './bus.js'
import { subscriptions, toJson } from './subscriptions.js'

/** A bus within one process. */
export function memoryBus(options: { log?: BusLog } = {}): Bus {
  const listeners = subscriptions(options.log)
  let closed = false
  return {
    publish(topic, data) {
      if (closed) return
      const json = toJson(data)
      queueMicrotask(() => listeners.deliverAll(topic, json))
    },
    subscribe: (filter, handler) =>
      listeners.add(
        filter,
        handler,
        () => {},
        () => {},
      ),
    dropped: 0,
    async close() {
      closed = true
      listeners.clear()
    },
  }
}
