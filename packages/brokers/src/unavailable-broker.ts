import type { Broker } from './broker.js'

/** A venue whose keys can be stored and tested while Sath does not trade there: it refuses everything. */
export function unavailableBroker(id: string): Broker {
  const refused = { kind: 'refused', reason: `not-available: Sath does not trade at ${id} yet` } as const
  return {
    id,
    instruments: [],
    place: async () => refused,
    find: async () => ({ kind: 'not-found' }),
    openOrders: async () => ({ kind: 'known', orders: [] }),
    close: async () => refused,
  }
}
