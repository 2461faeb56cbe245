import { type BusLog, type Handler, matches } from './bus.js'

/** Who listens to what on this side of a bus. Ends of the line ask it what to listen for. */
export function subscriptions(log: BusLog | undefined) {
  const byFilter = new Map<string, Set<Handler>>()

  function hand(handler: Handler, json: string, topic: string): void {
    try {
      handler(JSON.parse(json), topic)
    } catch (error) {
      log?.warn({ err: error, topic }, 'bus handler failed')
    }
  }

  return {
    /** Calls `onFirst` when nobody listened to the filter before; the returned function calls `onLast` accordingly. */
    add(filter: string, handler: Handler, onFirst: () => void, onLast: () => void): () => void {
      const handlers = byFilter.get(filter) ?? new Set()
      // The same function may listen twice, and each subscription ends on its own.
      const own: Handler = (data, topic) => handler(data, topic)
      handlers.add(own)
      if (handlers.size === 1) {
        byFilter.set(filter, handlers)
        onFirst()
      }
      return () => {
        if (!handlers.delete(own) || handlers.size > 0) return
        byFilter.delete(filter)
        onLast()
      }
    },
    /** Hands a message to the listeners of one filter. */
    deliver(filter: string, topic: string, json: string): void {
      for (const handler of [...(byFilter.get(filter) ?? [])]) hand(handler, json, topic)
    },
    /** Hands a message to everybody whose filter takes it in. */
    deliverAll(topic: string, json: string): void {
      for (const filter of [...byFilter.keys()]) if (matches(filter, topic)) this.deliver(filter, topic, json)
    },
    filters: (): string[] => [...byFilter.keys()],
    clear: (): void => byFilter.clear(),
  }
}

/** Undefined has no JSON of its own and travels as null. */
export function toJson(data: unknown): string {
  return JSON.stringify(data) ?? 'null'
}
