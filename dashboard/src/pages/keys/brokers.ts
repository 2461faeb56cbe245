import type { Option } from '../../parts/field.js'

export interface CredentialField {
  readonly name: string
  readonly label: string
  /** Not shown while typed. */
  readonly secret: boolean
}

interface BrokerChoice extends Option {
  readonly fields: readonly CredentialField[]
  readonly help: string
}

/** Brokers a key can be stored for, and what each key consists of. */
export const brokers: readonly [BrokerChoice, ...BrokerChoice[]] = [
  {
    value: 'binance',
    label: 'Binance Spot',
    fields: [
      { name: 'apiKey', label: 'API key', secret: false },
      { name: 'secret', label: 'Secret key', secret: true },
    ],
    help: 'Allow reading and spot trading only. Never allow withdrawals.',
  },
]

export function findBroker(value: string): BrokerChoice {
  return brokers.find((broker) => broker.value === value) ?? brokers[0]
}
