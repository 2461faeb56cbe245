import { type FieldError, findVenue, type Venue } from '@sath/core'
import { type BinanceTestOptions, testBinanceCredentials } from './binance/test-credentials.js'
import type { BrokerSecret } from './broker.js'
import type { CredentialTest, Environment } from './credential-test.js'

/** What is wrong with credentials for this venue; never says what they are. Empty: they have the right shape. */
export function credentialFaults(venue: Venue, secret: Readonly<Record<string, unknown>>): FieldError[] {
  const known = new Set(venue.credentialFields.map(({ name }) => name))
  const missing = [...known].filter((name) => !isKeyText(secret[name]))
  const unknown = Object.keys(secret).filter((name) => !known.has(name))
  return [
    ...missing.map((name) => ({ path: name, message: 'must be 1 to 4096 printable characters without spaces' })),
    ...unknown.map((name) => ({ path: name, message: `${venue.name} has no such field` })),
  ]
}

function isKeyText(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]{1,4096}$/.test(value)
}

export interface TestCredentialsOptions {
  readonly binance?: BinanceTestOptions
}

/** Asks the venue whether it takes these credentials. Never throws, never names them, ends within seconds. */
export async function testCredentials(
  venueId: string,
  environment: Environment,
  secret: BrokerSecret,
  options: TestCredentialsOptions = {},
): Promise<CredentialTest> {
  const venue = findVenue(venueId)
  if (!venue) return { status: 'failed', detail: 'Sath does not know this broker' }
  if (credentialFaults(venue, secret).length > 0) {
    return { status: 'failed', detail: `these are not credentials of ${venue.name}` }
  }
  if (venue.id === 'binance') return testBinanceCredentials(environment, secret, options.binance)
  return { status: 'ok', detail: `${venue.name} needs no credentials` }
}
