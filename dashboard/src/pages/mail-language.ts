/** Languages that Sath writes mails in. */
export const mailLanguages = { en: 'English', es: 'Español' } as const
type MailLanguage = keyof typeof mailLanguages

/** In which of them somebody with this locale, such as es-AR, gets their mails. */
export function mailLanguage(locale: string): MailLanguage {
  return /^es(-|$)/.test(locale) ? 'es' : 'en'
}

/** The first of the reader's locales that the API takes: a language, or one with a country. */
export function readersLocale(locales: readonly string[]): string | undefined {
  return locales.find((locale) => /^[a-z]{2}(-[A-Z]{2})?$/.test(locale))
}
