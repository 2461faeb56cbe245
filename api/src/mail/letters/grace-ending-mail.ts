import type { Currency, Decimal } from '@sath/core'
import { mailOf } from '../mail-of.js'

export interface EndingGrace {
  /** The plan's name. */
  readonly plan: string
  /** The name of the plan that follows. */
  readonly nextPlan: string
  /** What is to be paid, where it is known. */
  readonly due?: { readonly amount: Decimal; readonly currency: Currency }
  readonly endsAt: Date
  /** Where this invoice is paid; absent: the billing page. */
  readonly payUrl?: string
}

export const graceEndingMail = mailOf<EndingGrace>(
  ({ plan, nextPlan, due, endsAt, payUrl }, { money, moment, publicUrl }) => {
    const price = due ? ` (${money(due.amount, due.currency)})` : ''
    const end = moment(endsAt)
    return {
      subject: { en: `Pay to keep your ${plan} plan`, es: `Paga para conservar tu plan ${plan}` },
      preheader: { en: `It ends on ${end}.`, es: `Termina el ${end}.` },
      body: [
        {
          en: `The payment for your ${plan} plan${price} is still missing. On ${end} the plan ends and ${nextPlan} follows: strategies over its limits pause, and a live bot stops where it has no live trading. Open positions are handled as you chose.`,
          es: `El pago de tu plan ${plan}${price} sigue pendiente. El ${end} termina el plan y le sigue ${nextPlan}: las estrategias que superen sus límites se pausan, y un bot real se detiene si ese plan no permite operar en real. Las posiciones abiertas se tratan como elegiste.`,
        },
        {
          en: 'The billing page shows what would happen to each strategy and position.',
          es: 'La página de facturación muestra qué pasaría con cada estrategia y posición.',
        },
      ],
      button: { text: { en: 'Pay now', es: 'Pagar ahora' }, url: payUrl ?? `${publicUrl}/billing` },
    }
  },
)
