import type { Phrase } from './language.js'

/** What a mail says, in every language, before anything is said of how it looks. */
export interface Letter {
  readonly subject: Phrase
  /** What a list of mails shows beside the subject. */
  readonly preheader: Phrase
  readonly body: readonly Part[]
  /** Also shown as a plain link, for whom the button does not work. */
  readonly button?: Button
  /** After the button, smaller. */
  readonly note?: Phrase
  /** The secret in the button's link; shown on its own in the outbox of an installation without a mail server. */
  readonly token?: string
  /** Anybody who types in the address can have it sent, so that such mails to one address are limited. */
  readonly askedFor?: true
}

export interface Button {
  readonly text: Phrase
  /** http or https. */
  readonly url: string
}

/** A paragraph, or rows. */
export type Part = Phrase | readonly Row[]
export interface Row {
  readonly label: Phrase
  readonly value: Phrase
}

export function isRows(part: Part): part is readonly Row[] {
  return Array.isArray(part)
}

/**
 * Words of one line: control characters and those that turn the direction of what follows become a space, so that nobody's
 * name can write a line, a header or a link of its own into a mail.
 */
export function oneLine(words: string): string {
  return words.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').replace(/^ +| +$/g, '')
}

/** @throws RangeError when it is not an address of the web */
export function webAddress(url: string): string {
  const { protocol, href } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') throw new RangeError(`not an address of the web: ${protocol}`)
  return href
}
