import type { Currency, Decimal } from '@sath/core'
import { mailOf } from '../mail-of.js'

export interface FailedPayment {
  /** The plan's name. */
  readonly plan: string
  readonly amount: Decimal
  readonly currency: Currency
  /** Until when the plan stays. */
  readonly graceEndsAt: Date
  /** Where this invoice is paid; absent: the billing page. */
  readonly payUrl?: string
}

export const paymentFailedMail = mailOf<FailedPayment>(
  ({ plan, amount, currency, graceEndsAt, payUrl }, { money, moment, publicUrl }) => {
    const due = money(amount, currency)
    const until = moment(graceEndsAt)
    return {
      subject: { en: 'Your payment did not go through', es: 'Tu pago no se ha podido cobrar' },
      preheader: {
        en: `Your ${plan} plan stays until ${until}.`,
        es: `Tu plan ${plan} se mantiene hasta el ${until}.`,
      },
      body: [
        {
          en: `We could not collect ${due} for your ${plan} plan. Nothing changes for now: the plan, and what your bot may do, stay as they are until ${until}.`,
          es: `No hemos podido cobrar ${due} por tu plan ${plan}. De momento nada cambia: el plan, y lo que puede hacer tu bot, siguen igual hasta el ${until}.`,
        },
        {
          en: 'Pay, or give us another card, before then. We try again by ourselves in the meantime.',
          es: 'Paga o cambia de tarjeta antes de esa fecha. Mientras tanto lo volveremos a intentar.',
        },
      ],
      button: { text: { en: 'Pay now', es: 'Pagar ahora' }, url: payUrl ?? `${publicUrl}/billing` },
    }
  },
)
