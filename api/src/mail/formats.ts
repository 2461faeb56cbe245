import type { Currency, Decimal } from '@sath/core'
import { languageOf } from './language.js'

/** Amounts and moments as the reader writes them. */
export interface Formats {
  /** Every digit that the amount has, and never fewer than its currency has: "29" US dollars are "$29.00". */
  money(amount: Decimal, currency: Currency): string
  /** The day, in UTC. */
  day(moment: Date): string
  /** Day and minute, and "UTC". */
  moment(moment: Date): string
}

/** A locale in a language that we do not write has that of our English: no German dates between English words. */
export function formatsOf(locale: string): Formats {
  const tag = /^(en|es)-[A-Z]{2}$/.test(locale) ? locale : languageOf(locale)
  const days = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' })
  const moments = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return {
    money: (amount, currency) => money(tag, amount, currency),
    day: (moment) => `${days.format(moment)} (UTC)`,
    moment: (moment) => `${moments.format(moment)} UTC`,
  }
}

/** Intl knows currencies of three letters; a coin's ticker ("USDT") follows the number. */
function money(tag: string, amount: Decimal, currency: Currency): string {
  const places = amount.split('.')[1]?.length ?? 0
  const style = /^[A-Z]{3}$/.test(currency) ? ({ style: 'currency', currency } as const) : {}
  const least = new Intl.NumberFormat(tag, style).resolvedOptions().minimumFractionDigits ?? 0
  const format = new Intl.NumberFormat(tag, {
    ...style,
    minimumFractionDigits: Math.max(least, style.style ? 0 : places),
    maximumFractionDigits: Math.max(least, places),
  })
  const number = format.format(exactly(amount))
  return style.style ? number : `${number} ${currency}`
}

/** Intl reads decimal text digit by digit, without a float between; the type of its argument is narrower than a Decimal's. */
function exactly(amount: Decimal): `${number}` {
  return amount as `${number}`
}
