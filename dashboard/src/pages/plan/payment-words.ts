import type { PaymentMethod, PaymentStatus } from '../../api/types.js'
import type { Tone } from '../../parts/tone.js'

export const methods: Readonly<Record<PaymentMethod, string>> = {
  stripe: 'Card, by Stripe',
  transfer: 'Bank transfer',
  paypal: 'PayPal',
  crypto: 'Crypto',
  cash: 'Cash',
}

export const paymentTitles: Readonly<Record<PaymentStatus, string>> = {
  paid: 'Paid',
  'partially-refunded': 'Refunded in part',
  refunded: 'Refunded',
  disputed: 'Disputed',
}

export const paymentTones: Readonly<Record<PaymentStatus, Tone>> = {
  paid: 'good',
  'partially-refunded': 'warning',
  refunded: 'info',
  disputed: 'bad',
}
