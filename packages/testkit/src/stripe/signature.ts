import { createHmac } from 'node:crypto'

export interface Signing {
  /** The exact body that is sent. */
  readonly payload: string
  /** `whsec_…` */
  readonly secret: string
  /** Epoch seconds. */
  readonly timestamp: number
}

/** The `Stripe-Signature` header. @see https://docs.stripe.com/webhooks#verify-manually */
export function signatureHeader({ payload, secret, timestamp }: Signing): string {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${payload}`, 'utf8').digest('hex')
  return `t=${timestamp},v1=${signature}`
}
