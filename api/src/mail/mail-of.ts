import type { NewMail } from '@sath/db'
import { type Formats, formatsOf } from './formats.js'
import { languageOf } from './language.js'
import { type Letter, oneLine, webAddress } from './letter.js'
import { letterHtml } from './letter-html.js'
import { letterText } from './letter-text.js'

/** Who a mail is for. */
export interface Reader {
  readonly email: string
  /** `es…` reads Spanish, everybody else English. */
  readonly locale: string
  /** Where the reader's Sath is, without a slash at its end. */
  readonly publicUrl: string
}

export type Template<Facts> = (facts: Facts, say: Formats & Pick<Reader, 'publicUrl'>) => Letter

/** Makes the function that writes a kind of mail, in the language of its reader, as HTML and as text. */
export function mailOf<Facts>(template: Template<Facts>): (facts: Facts, reader: Reader) => NewMail {
  return (facts, { email, locale, publicUrl }) => {
    const language = languageOf(locale)
    const letter = template(facts, { ...formatsOf(locale), publicUrl })
    return {
      to: email,
      subject: oneLine(letter.subject[language]),
      text: letterText(letter, language, publicUrl),
      html: letterHtml(letter, language, publicUrl),
      links: letter.button ? [webAddress(letter.button.url)] : [],
      ...(letter.token === undefined ? {} : { token: letter.token }),
      ...(letter.askedFor ? { askedFor: true } : {}),
    }
  }
}
