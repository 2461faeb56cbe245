/** The languages that mails are written in. */
export const languages = ['en', 'es'] as const
export type Language = (typeof languages)[number]

/** The same words in every language; one that lacks does not compile. */
export type Phrase = Readonly<Record<Language, string>>

/** Words that no language changes: a name, an amount, a number. */
export function asIs(words: string): Phrase {
  return { en: words, es: words }
}

/** Spanish to whoever chose any kind of it, else English. */
export function languageOf(locale: string): Language {
  return /^es([-_]|$)/i.test(locale) ? 'es' : 'en'
}
