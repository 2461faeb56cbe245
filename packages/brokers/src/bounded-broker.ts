import type { Broker } from './broker.js'

export interface BoundedBrokerOptions {
  /** Longest wait for one answer, ms. */
  readonly timeoutMs: number
}

/**
 * The same broker, but every call ends: no answer in time, or an adapter that throws, is `unknown`. What the call may still
 * do at the venue is exactly what `unknown` means.
 */
export function boundedBroker(broker: Broker, { timeoutMs }: BoundedBrokerOptions): Broker {
  async function bounded<T>(call: () => Promise<T>): Promise<T | { kind: 'unknown'; reason: string }> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<{ kind: 'unknown'; reason: string }>((resolve) => {
      timer = setTimeout(() => resolve({ kind: 'unknown', reason: `no answer within ${timeoutMs} ms` }), timeoutMs)
    })
    try {
      return await Promise.race([call(), late])
    } catch (error) {
      return { kind: 'unknown', reason: error instanceof Error ? error.name : 'the adapter failed' }
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    id: broker.id,
    instruments: broker.instruments,
    place: (account, order) => bounded(() => broker.place(account, order)),
    find: (account, clientOrderId) => bounded(() => broker.find(account, clientOrderId)),
    openOrders: (account) => bounded(() => broker.openOrders(account)),
    close: (account, order) => bounded(() => broker.close(account, order)),
  }
}
