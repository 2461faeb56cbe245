/** One part of a venue's credentials. */
export interface CredentialField {
  readonly name: string
  /** For the form. */
  readonly label: string
  /** Not to be shown while it is typed. */
  readonly secret: boolean
}

/** A broker a subscriber can choose. What speaks with it is in `@sath/brokers`. */
export interface Venue {
  readonly id: string
  readonly name: string
  /** For who makes a key there; empty: nothing to say. */
  readonly advice: string
  /** Empty: it needs no credentials, and none can be stored. */
  readonly credentialFields: readonly CredentialField[]
  /** `not-available`: keys can be stored and tested, orders are refused. */
  readonly trading: 'available' | 'not-available'
}

export const venues: readonly Venue[] = [
  { id: 'paper', name: 'Paper account', advice: '', credentialFields: [], trading: 'available' },
  {
    id: 'binance',
    name: 'Binance Spot',
    advice: 'Allow reading and spot trading only. Never allow withdrawals.',
    credentialFields: [
      { name: 'apiKey', label: 'API key', secret: false },
      { name: 'secret', label: 'Secret key', secret: true },
    ],
    trading: 'not-available',
  },
]

export function findVenue(id: string): Venue | undefined {
  return venues.find((venue) => venue.id === id)
}
