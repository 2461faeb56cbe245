import type { Currency, Decimal } from '@sath/core'
import { asIs } from '../language.js'
import { mailOf } from '../mail-of.js'

export interface PaymentLink {
  /** The plan's name. */
  readonly plan: string
  readonly cycle: 'monthly' | 'yearly'
  /** Of each period. */
  readonly price: Decimal
  /** At once; nothing, when a trial begins. */
  readonly due: Decimal
  readonly currency: Currency
  readonly expiresAt: Date
  readonly url: string
}

const cycles = {
  monthly: { en: 'a month', es: 'al mes' },
  yearly: { en: 'a year', es: 'al año' },
} as const

export const paymentLinkMail = mailOf<PaymentLink>(
  ({ plan, cycle, price, due, currency, expiresAt, url }, { money, moment }) => {
    const cost = money(price, currency)
    const until = moment(expiresAt)
    const { en, es } = cycles[cycle]
    return {
      subject: { en: `Your link to pay for ${plan}`, es: `Tu enlace para pagar ${plan}` },
      preheader: { en: `It works until ${until}.`, es: `Funciona hasta el ${until}.` },
      body: [
        {
          en: `An administrator of Sath sends you the page where you can subscribe to ${plan}. It works until ${until}.`,
          es: `Un administrador de Sath te envía la página donde puedes suscribirte a ${plan}. Funciona hasta el ${until}.`,
        },
        [
          { label: { en: 'Plan', es: 'Plan' }, value: asIs(plan) },
          { label: { en: 'Price', es: 'Precio' }, value: { en: `${cost} ${en}`, es: `${cost} ${es}` } },
          { label: { en: 'To pay now', es: 'A pagar ahora' }, value: asIs(money(due, currency)) },
        ],
      ],
      button: { text: { en: 'Subscribe', es: 'Suscribirme' }, url },
      note: {
        en: 'If you do not want this plan, ignore this message: nothing is charged.',
        es: 'Si no quieres este plan, ignora este mensaje: no se cobra nada.',
      },
    }
  },
)
