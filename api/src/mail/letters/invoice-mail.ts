import type { Currency, Decimal } from '@sath/core'
import { asIs } from '../language.js'
import { mailOf } from '../mail-of.js'

export interface PaidInvoice {
  readonly number: string
  /** The plan's name. */
  readonly plan: string
  readonly amount: Decimal
  readonly currency: Currency
  readonly paidAt: Date
  /** Where the invoice is shown. */
  readonly url: string
}

export const invoiceMail = mailOf<PaidInvoice>(({ number, plan, amount, currency, paidAt, url }, { money, day }) => {
  const paid = money(amount, currency)
  return {
    subject: { en: `Invoice ${number}`, es: `Factura ${number}` },
    preheader: { en: `${paid}, paid. Thank you.`, es: `${paid}, pagados. Gracias.` },
    body: [
      { en: 'Thank you. We have received your payment.', es: 'Gracias. Hemos recibido tu pago.' },
      [
        { label: { en: 'Invoice', es: 'Factura' }, value: asIs(number) },
        { label: { en: 'Plan', es: 'Plan' }, value: asIs(plan) },
        { label: { en: 'Amount', es: 'Importe' }, value: asIs(paid) },
        { label: { en: 'Paid on', es: 'Fecha de pago' }, value: asIs(day(paidAt)) },
      ],
    ],
    button: { text: { en: 'See the invoice', es: 'Ver la factura' }, url },
  }
})
