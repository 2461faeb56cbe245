import type { Broker, BrokerAccount } from './broker.js'

export type BrokerVerb = 'place' | 'find' | 'openOrders' | 'close'

/**
 * What goes wrong with one call. `before`: the venue never hears of it; `after`: it has done what was asked, and the answer
 * is lost. `unknown` is what an adapter makes of a time-out, a 5xx or a cut line; `throw` is an adapter with a bug.
 */
export type BrokerFault =
  | 'unknown-before'
  | 'unknown-after'
  | 'throw-before'
  | 'throw-after'
  | 'hang-before'
  | 'hang-after'
  | { readonly latencyMs: number }

export interface BrokerCall {
  readonly verb: BrokerVerb
  readonly account: BrokerAccount
  readonly clientOrderId: string | undefined
}

/** A test double: the broker with faults. `faultOf` is asked before each call; undefined lets it through. */
export function faultyBroker(broker: Broker, faultOf: (call: BrokerCall) => BrokerFault | undefined): Broker {
  async function through<T>(
    call: BrokerCall,
    send: () => Promise<T>,
  ): Promise<T | { kind: 'unknown'; reason: string }> {
    const fault = faultOf(call)
    if (fault === undefined) return send()
    if (typeof fault === 'object') {
      await new Promise((resolve) => setTimeout(resolve, fault.latencyMs))
      return send()
    }
    const [how, when] = fault.split('-')
    if (when === 'after') await send()
    if (how === 'hang') return new Promise<never>(() => {})
    if (how === 'throw') throw new Error('socket hang up')
    return { kind: 'unknown', reason: 'HTTP 503' }
  }
  return {
    id: broker.id,
    instruments: broker.instruments,
    place: (account, order) =>
      through({ verb: 'place', account, clientOrderId: order.clientOrderId }, () => broker.place(account, order)),
    find: (account, clientOrderId) =>
      through({ verb: 'find', account, clientOrderId }, () => broker.find(account, clientOrderId)),
    openOrders: (account) =>
      through({ verb: 'openOrders', account, clientOrderId: undefined }, () => broker.openOrders(account)),
    close: (account, order) =>
      through({ verb: 'close', account, clientOrderId: order.clientOrderId }, () => broker.close(account, order)),
  }
}
