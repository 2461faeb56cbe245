import t from 'tap'
import { mailLanguage, readersLocale } from './mail-language.js'

t.test('mails come in Spanish to who reads it, else in English', async (t) => {
  t.equal(mailLanguage('es-AR'), 'es')
  t.equal(mailLanguage('es'), 'es')
  t.equal(mailLanguage('de-DE'), 'en')
  t.equal(mailLanguage('est'), 'en', 'Estonian is another language')
})

t.test('the first locale that the API takes is the reader’s', async (t) => {
  t.equal(readersLocale(['es-419', 'es-AR', 'en']), 'es-AR')
  t.equal(readersLocale(['zh-Hant-TW']), undefined)
})
