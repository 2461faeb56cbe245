/** Words and numbers for people, in their own locale and time zone. */

/** An amount such as "1.50" with its currency. The text is formatted as it is: no float in between. */
export function money(amount: string, currency: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return `${decimal(amount)} ${currency}`
  try {
    return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount as Intl.StringNumericLiteral)
  } catch {
    return `${amount} ${currency}`
  }
}

/** A profit with its sign: "+" for a gain. */
export function signedMoney(amount: string, currency: string): string {
  return amount.startsWith('-') || /^[0.]+$/.test(amount) ? money(amount, currency) : `+${money(amount, currency)}`
}

/** A price or size as it is, grouped for reading. */
export function decimal(text: string): string {
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: 8 }).format(text as Intl.StringNumericLiteral)
}

export function bytes(count: number): string {
  const mebibytes = count / 1_048_576
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: mebibytes < 100 ? 1 : 0 }).format(mebibytes)} MiB`
}

export function number(value: number, digits = 1): string {
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(value)
}

export function dateTime(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso))
}

export function day(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(new Date(iso))
}

/** Shorter, for rows: the date only when it is not today, the year only when it is another. */
export function shortTime(iso: string, now: Date): string {
  const date = new Date(iso)
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(date)
  if (date.toDateString() === now.toDateString()) return time
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const)
  return `${new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', ...year }).format(date)}, ${time}`
}

/** "2024-12-01T08:30" in the reader's own time zone, as a field for times takes it. */
export function inputTime(iso: string): string {
  const date = new Date(iso)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** "3 seconds ago", "in 5 minutes". */
export function relative(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000)
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
  const size = Math.abs(seconds)
  if (size < 90) return words.format(seconds, 'second')
  if (size < 5_400) return words.format(Math.round(seconds / 60), 'minute')
  if (size < 129_600) return words.format(Math.round(seconds / 3600), 'hour')
  return words.format(Math.round(seconds / 86_400), 'day')
}

/** "crash-loop" becomes "Crash loop". */
export function words(kebab: string): string {
  const spaced = kebab.replaceAll(/[-_.]/g, ' ')
  return sentenceCase(spaced)
}

/** The same with a capital at its begin. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
