import type { Currency, Decimal } from '@sath/core'
import { mailOf } from '../mail-of.js'

export interface EndingTrial {
  /** The plan's name. */
  readonly plan: string
  readonly endsAt: Date
  /** What the first payment will be, where it is known. */
  readonly charge?: { readonly amount: Decimal; readonly currency: Currency; readonly cycle: 'monthly' | 'yearly' }
}

const cycles = {
  monthly: { en: 'a month', es: 'al mes' },
  yearly: { en: 'a year', es: 'al año' },
} as const

export const trialEndingMail = mailOf<EndingTrial>(({ plan, endsAt, charge }, { money, moment, publicUrl }) => {
  const end = moment(endsAt)
  const price = charge && money(charge.amount, charge.currency)
  const cycle = charge && cycles[charge.cycle]
  return {
    subject: { en: `Your ${plan} trial is about to end`, es: `Tu prueba de ${plan} está a punto de terminar` },
    preheader: { en: `It ends on ${end}.`, es: `Termina el ${end}.` },
    body: [
      cycle
        ? {
            en: `Your trial of ${plan} ends on ${end}. If you do nothing, the plan goes on and costs ${price} ${cycle.en}. To pay nothing, cancel before then.`,
            es: `Tu prueba de ${plan} termina el ${end}. Si no haces nada, el plan continúa y cuesta ${price} ${cycle.es}. Para no pagar nada, cancela antes.`,
          }
        : {
            en: `Your trial of ${plan} ends on ${end}. To keep the plan after that, see to it that we can charge you.`,
            es: `Tu prueba de ${plan} termina el ${end}. Para conservar el plan después, asegúrate de tener una forma de pago.`,
          },
    ],
    button: { text: { en: 'See your plan', es: 'Ver tu plan' }, url: `${publicUrl}/billing` },
  }
})
