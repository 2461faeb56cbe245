import type { Decimal } from '@sath/core'

export type Environment = 'testnet' | 'live'

export interface CredentialTest {
  readonly status: 'ok' | 'failed'
  /** One sentence for the subscriber, without any secret. */
  readonly detail: string
  /** What the account holds in the currency it trades in, where the venue says so. */
  readonly balance?: { readonly amount: Decimal; readonly currency: string }
}
