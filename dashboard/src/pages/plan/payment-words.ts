import type { PaymentMethod, PaymentStatus } from '../../api/types.js'
import type { Option } from '../../parts/field.js'
import type { Tone } from '../../parts/tone.js'

export const methods: Readonly<Record<PaymentMethod, string>> = {
  stripe: 'Card, by Stripe',
  transfer: 'Bank transfer',
  paypal: 'PayPal',
  crypto: 'Crypto',
  cash: 'Cash',
}

export const paymentStatuses: Readonly<Record<PaymentStatus, { title: string; tone: Tone }>> = {
  paid: { title: 'Paid', tone: 'good' },
  'partially-refunded': { title: 'Refunded in part', tone: 'warning' },
  refunded: { title: 'Refunded', tone: 'info' },
  disputed: { title: 'Disputed', tone: 'bad' },
}

const statuses = ['paid', 'partially-refunded', 'refunded', 'disputed'] as const satisfies readonly PaymentStatus[]
export const statusOptions: readonly Option<PaymentStatus>[] = statuses.map((value) => ({
  value,
  label: paymentStatuses[value].title,
}))
