import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { formatsOf } from './formats.js'
import { type Language, languageOf, languages } from './language.js'
import { webAddress } from './letter.js'
import { planChangeScheduledMail } from './letters/plan-change-scheduled-mail.js'
import { planChangedMail } from './letters/plan-changed-mail.js'
import { promoEndingMail } from './letters/promo-ending-mail.js'
import { trialEndingMail } from './letters/trial-ending-mail.js'
import { invoiceUrl, type Names, names, noon, preview, samples } from './sample-mails.fixture.js'

const publicUrl = 'https://sath.example'
const reader = (locale: string) => ({ email: 'ada@example.com', locale, publicUrl })
const moment = { en: 'December 3, 2026 at 2:05 PM UTC', es: '3 de diciembre de 2026 a las 14:05 UTC' }
const billing = `${publicUrl}/billing`

interface Expected {
  readonly subject: Readonly<Record<Language, string>>
  readonly link: string
  /** What the text must say, beyond its language. */
  readonly says: Readonly<Record<Language, readonly string[]>>
  readonly token?: string
  readonly askedFor?: true
}

const expected: Readonly<Record<string, Expected>> = {
  'verify-mail': {
    subject: { en: 'Confirm your address', es: 'Confirma tu dirección' },
    link: `${publicUrl}/verify-email?token=tok-1`,
    says: { en: ['24 hours'], es: ['24 horas'] },
    token: 'tok-1',
    askedFor: true,
  },
  'reset-mail': {
    subject: { en: 'Choose a new password', es: 'Elige una contraseña nueva' },
    link: `${publicUrl}/reset-password?token=tok-2`,
    says: { en: ['1 hour'], es: ['1 hora'] },
    token: 'tok-2',
    askedFor: true,
  },
  'already-registered-mail': {
    subject: { en: 'You have an account already', es: 'Ya tienes una cuenta' },
    link: `${publicUrl}/`,
    says: { en: ['nothing has changed'], es: ['nada ha cambiado'] },
    askedFor: true,
  },
  'invoice-mail': {
    subject: { en: 'Invoice SATH-0007', es: 'Factura SATH-0007' },
    link: invoiceUrl,
    says: {
      en: ['Pro', '$1,234.50', 'December 3, 2026 (UTC)'],
      es: ['Pro', '1234,50 US$', '3 de diciembre de 2026 (UTC)'],
    },
  },
  'payment-failed-mail': {
    subject: { en: 'Your payment did not go through', es: 'Tu pago no se ha podido cobrar' },
    link: invoiceUrl,
    says: { en: ['Pro', '$99.00', moment.en], es: ['Pro', '99,00 US$', moment.es] },
  },
  'payment-link-mail': {
    subject: { en: 'Your link to pay for Pro', es: 'Tu enlace para pagar Pro' },
    link: invoiceUrl,
    says: { en: ['$99.00 a month', '$0.00', moment.en], es: ['99,00 US$ al mes', '0,00 US$', moment.es] },
  },
  'grace-ending-mail': {
    subject: { en: 'Pay to keep your Pro plan', es: 'Paga para conservar tu plan Pro' },
    link: billing,
    says: { en: ['$99.00', moment.en, 'Free'], es: ['99,00 US$', moment.es, 'Free'] },
  },
  'plan-changed-mail': {
    subject: { en: 'Your plan is now Free', es: 'Tu plan es ahora Free' },
    link: billing,
    says: {
      en: [
        `from Pro to Free on ${moment.en}`,
        '- Morning RSI: goes on; level 3 of its ladder',
        '- Noon BB: goes on without SOLUSDT, ADAUSDT: more symbols than',
        '- Night EMA: paused: more strategies than',
        `- BTCUSDT (Morning RSI): stays open to its end, ${moment.en}`,
        '- ETHUSDT: stays open to its own end',
        '- SOLUSDT (Noon BB): is being closed',
        'configuration must fit the plan',
      ],
      es: [
        `de Pro a Free el ${moment.es}`,
        '- Morning RSI: sigue en marcha; el nivel 3 de su escalera',
        '- Noon BB: sigue sin SOLUSDT, ADAUSDT: más símbolos',
        '- Night EMA: en pausa: más estrategias',
        `- BTCUSDT (Morning RSI): sigue abierta hasta su final, ${moment.es}`,
        '- ETHUSDT: sigue abierta hasta su propio final',
        '- SOLUSDT (Noon BB): se está cerrando',
        'debe caber en el plan',
      ],
    },
  },
  'plan-change-scheduled-mail': {
    subject: { en: 'Your plan will change to Basic', es: 'Tu plan cambiará a Basic' },
    link: billing,
    says: {
      en: [moment.en, '- Night EMA: will be paused', 'SOLUSDT (Noon BB): will be closed'],
      es: [moment.es, '- Night EMA: se pausará', 'SOLUSDT (Noon BB): se cerrará'],
    },
  },
  'promo-ending-mail': {
    subject: { en: 'Your Pro plan ends in 7 days', es: 'Tu plan Pro termina en 7 días' },
    link: billing,
    says: { en: [moment.en, 'Free'], es: [moment.es, 'Free'] },
  },
  'trial-ending-mail': {
    subject: { en: 'Your Pro trial is about to end', es: 'Tu prueba de Pro está a punto de terminar' },
    link: billing,
    says: { en: [moment.en, '$990.00 a year'], es: [moment.es, '990,00 US$ al año'] },
  },
  'live-stopped-mail': {
    subject: { en: 'Your live bot was stopped', es: 'Tu bot real se ha detenido' },
    link: billing,
    says: {
      en: ['BTCUSDT (Morning RSI)', 'not moved to paper', 'paper trading'],
      es: ['BTCUSDT (Morning RSI)', 'no ha pasado a simulación', 'configuración de simulación'],
    },
  },
}

/** Tells the languages apart by words that every mail has. */
const common = { en: /\b(your|you)\b/i, es: /\b(tu|tus|te|tienes)\b/i }

t.test('every mail has its letter here', async (t) => {
  const files = readdirSync(new URL('letters', import.meta.url)).flatMap(
    (file) => /^(.*-mail)\.js$/.exec(file)?.[1] ?? [],
  )
  t.same(Object.keys(samples).sort(), files.sort())
  t.same(Object.keys(expected).sort(), files.sort())
})

for (const [name, { subject, link, says, token, askedFor }] of Object.entries(expected))
  for (const language of languages)
    t.test(`${name} in ${language}`, async (t) => {
      const mail = write(name, language)
      t.equal(mail.to, 'ada@example.com')
      t.equal(mail.subject, subject[language])
      t.same(mail.links, [link])
      t.equal(mail.token, token)
      t.equal(mail.askedFor, askedFor, 'limited where strangers can have it sent')
      for (const words of says[language]) t.ok(spaced(mail.text).includes(words), `${words} in: ${mail.text}`)
      t.match(mail.text, common[language])
      t.notMatch(mail.text, common[language === 'en' ? 'es' : 'en'], 'no word of the other language')
      t.same(words(htmlBody(mail.html)), words(mail.text), 'the text alternative says what the HTML says')
      t.match(mail.html, `<html lang="${language}">`)
      const hrefs = [...mail.html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => decoded(href))
      t.same(hrefs, [link, link, publicUrl], 'a button, the same as a plain link, and where it comes from')
      t.notMatch(mail.html, /<img|<script|<link|src=|url\(|@import|undefined|\[object|NaN/)
      t.notMatch(mail.text, /<|undefined|\[object|NaN/)
    })

t.test('names cannot leave their place', async (t) => {
  const pieces = [
    '<',
    '>',
    '"',
    "'",
    '&',
    ';',
    '</p>',
    '<script>',
    '-->',
    '<a href="x">',
    '&amp;',
    '&#39;',
    'a ',
    '\r\n',
    '\t',
    '\0',
  ]
  const nasty = fc.array(fc.constantFrom(...pieces, '\u2028', '\u202e'), { maxLength: 12 }).map((some) => some.join(''))
  const hostile = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 40 }))
  const tagsOf = (html: string) => html.match(/<[^>]*>/g)?.join()
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(samples)),
      fc.constantFrom(...languages),
      fc.record<Names>({ plan: hostile, strategy: hostile, number: hostile }),
      (name, language, given) => {
        const mail = write(name, language, given)
        const plain = write(name, language)
        const controls = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u
        if (controls.test(mail.subject)) throw new Error('a subject of several lines')
        if (controls.test(mail.text.replaceAll('\n', ''))) throw new Error('a control character')
        if (mail.text.split('\n').length !== plain.text.split('\n').length) throw new Error('a line of its own')
        if (tagsOf(mail.html) !== tagsOf(plain.html)) throw new Error('a tag of its own')
        if (words(htmlBody(mail.html)).join() !== words(mail.text).join()) throw new Error('HTML and text differ')
      },
    ),
    { numRuns: 300 },
  )
  const mail = write('plan-changed-mail', 'en', { ...names, strategy: `<b>"Tom" & 'Jerry'</b>` })
  t.match(mail.html, '>&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;<')
  t.match(mail.text, `- <b>"Tom" & 'Jerry'</b>: goes on`, 'text is left as it is')
})

t.test('a link leads to the web and nowhere else', async (t) => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd'])
    t.throws(() => webAddress(url), RangeError)
  t.equal(webAddress('https://a.example/"><b>'), 'https://a.example/%22%3E%3Cb%3E')
})

t.test('whoever chose a kind of Spanish reads Spanish, everybody else English', async (t) => {
  const cases = {
    es: 'es',
    'es-AR': 'es',
    es_MX: 'es',
    en: 'en',
    'en-GB': 'en',
    de: 'en',
    'eo-XX': 'en',
    est: 'en',
    '': 'en',
  }
  for (const [locale, language] of Object.entries(cases)) t.equal(languageOf(locale), language, locale)
})

t.test('amounts keep every digit, in the way of the reader', async (t) => {
  const table = [
    ['en', '29', 'USD', '$29.00'],
    ['en-GB', '1234.5', 'EUR', '€1,234.50'],
    ['es', '1234567.5', 'EUR', '1.234.567,50 €'],
    ['es-MX', '1234.5', 'MXN', '$1,234.50'],
    ['de-DE', '1234.5', 'EUR', '€1,234.50'],
    ['en', '2900', 'JPY', '¥2,900'],
    ['es', '1.234', 'KWD', '1,234 KWD'],
    ['en', '0.125', 'USD', '$0.125'],
    ['en', '99999999999999999.01', 'USD', '$99,999,999,999,999,999.01'],
    ['en', '12.345678', 'USDT', '12.345678 USDT'],
    ['es', '-5', 'USD', '-5,00 US$'],
  ] as const
  for (const [locale, amount, currency, shown] of table)
    t.equal(spaced(formatsOf(locale).money(amount, currency)), shown, `${amount} ${currency} in ${locale}`)
})

t.test('days and minutes are those of UTC, and say so', async (t) => {
  const late = new Date('2026-12-31T23:59:30Z')
  t.equal(spaced(formatsOf('en').moment(late)), 'December 31, 2026 at 11:59 PM UTC')
  t.equal(spaced(formatsOf('en-GB').day(late)), '31 December 2026 (UTC)')
  t.equal(spaced(formatsOf('es-XX').day(late)), '31 de diciembre de 2026 (UTC)')
})

t.test('a bot that is held is told so for every strategy, and a bot without any has no list of them', async (t) => {
  const change = { from: 'Pro', to: 'Free', changedAt: noon, changesAt: noon }
  const held = preview('RSI', { held: true })
  const rows = { en: 'RSI: will be stopped: the plan has no live', es: 'RSI: se detendrá: el plan no permite' }
  for (const language of languages)
    t.match(planChangeScheduledMail({ ...change, preview: held }, reader(language)).text, rows[language])
  t.match(
    planChangedMail({ ...change, preview: held }, reader('en')).text,
    '- Night EMA: stopped: the plan has no live',
  )
  const edited = planChangedMail({ ...change, to: 'Pro', preview: held }, reader('es'))
  t.equal(edited.subject, 'Los límites de tu plan Pro han cambiado')
  const empty = preview('RSI', { strategies: [], positions: [], beforeNextStart: [] })
  const { text } = planChangedMail({ ...change, preview: empty }, reader('en'))
  t.match(text, 'You have no open positions.')
  t.notMatch(text, /^- |strategies:|fit the plan/m)
})

t.test('what is not known is not said', async (t) => {
  const trial = trialEndingMail({ plan: 'Pro', endsAt: noon }, reader('en'))
  t.match(trial.text, 'see to it that we can charge you')
  t.notMatch(trial.text, /cost/)
  const last = (locale: string) =>
    promoEndingMail({ plan: 'Pro', nextPlan: 'Free', endsAt: noon, daysLeft: 1 }, reader(locale)).subject
  t.same([last('en'), last('es')], ['Your Pro plan ends within a day', 'Tu plan Pro termina en menos de un día'])
})

function write(name: string, locale: string, given = names) {
  const mail = samples[name]?.(reader(locale), given)
  if (mail?.html === undefined) throw new Error(`no sample of ${name}`)
  return { ...mail, html: mail.html }
}

/** What a reader of the HTML sees below its title. */
function htmlBody(html: string): string {
  const body = html.slice(html.indexOf('</h1>'))
  return decoded(body.replace(/<[^>]*>/g, ' '))
}

function decoded(html: string): string {
  const signs: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' }
  return html.replace(/&(lt|gt|quot|#39|amp);/g, (entity) => signs[entity] ?? entity)
}

/** Letters and digits only: layout and punctuation aside. */
function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Intl puts spaces that do not break. */
function spaced(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ')
}
