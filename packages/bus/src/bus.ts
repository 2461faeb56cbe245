/**
 * Live fan-out between our programs: what may vanish (log lines, candles on their way to a browser), never an instruction.
 *
 * A topic names what and whose, parts joined by colons: `logs:<tenant>`, `trades:<tenant>`, `candles:binance:BTCUSDT:M5`.
 * Holds for every adapter (see bus.contract.ts):
 * 1. messages of one publisher on one topic arrive in their order, each at most once per subscription;
 * 2. who publishes hears its own messages too, but never before `publish` has returned;
 * 3. data travel as JSON: what a handler changes, no other handler sees;
 * 4. neither a failing handler nor a failing line ever throws into a publisher.
 */
export interface Bus {
  /** Sends to whoever listens now. Nobody listening, or no line: the message is gone. */
  publish(topic: string, data: unknown): void
  /**
   * Hears one topic, or with a trailing colon every topic that begins so. On a line to elsewhere it takes a moment before
   * the first message arrives. Returns the function that ends it.
   */
  subscribe(topicOrPrefix: string, handler: Handler): () => void
  /** Messages lost so far on this side because the line was down or full. */
  readonly dropped: number
  close(): Promise<void>
}

export type Handler = (data: unknown, topic: string) => void

export interface BusLog {
  warn(fields: object, message: string): void
}

/** Whether a filter, a topic or a prefix ending in a colon, takes a topic in. */
export function matches(filter: string, topic: string): boolean {
  return filter.endsWith(':') ? topic.startsWith(filter) : topic === filter
}
