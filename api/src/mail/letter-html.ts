import type { Language, Phrase } from './language.js'
import { type Button, isRows, type Letter, oneLine, type Part, type Row, webAddress } from './letter.js'

const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
const text = `${font};font-size:16px;line-height:24px;color:#15201c`
const small = `${font};font-size:14px;line-height:20px;color:#52605a`
/** Long names and addresses break rather than push a phone's page wider than it is. */
const breaking = 'overflow-wrap:anywhere;word-break:break-word'

/** Styles are inlined, because some readers drop this; it only turns colours for the dark and narrows margins on phones. */
const styles = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) { .outer { padding: 0 !important; } .card { padding: 24px 20px !important; border-radius: 0 !important; } }
@media (prefers-color-scheme: dark) {
  .ground { background: #101614 !important; }
  .card { background: #18201d !important; border-color: #2c3833 !important; }
  .text { color: #e6eeea !important; }
  .muted { color: #9fb0a8 !important; }
  .link { color: #4fc7b2 !important; }
  .line { border-color: #2c3833 !important; }
  .button { background: #4fc7b2 !important; color: #06231d !important; }
}`

/** The letter as one HTML page: no image, no script, nothing that is fetched, nothing that tells who read it. */
export function letterHtml(letter: Letter, language: Language, publicUrl: string): string {
  const say = (phrase: Phrase) => escapeHtml(oneLine(phrase[language]))
  const { button, note } = letter
  const home = escapeHtml(publicUrl)
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${say(letter.subject)}</title>
<style>${styles}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f4f6f5">
<div class="preheader" style="display:none;max-height:0;overflow:hidden;opacity:0">${say(letter.preheader)}</div>
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f4f6f5">
<tr><td class="outer" align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td class="card" style="background:#ffffff;border:1px solid #d5ddd9;border-radius:8px;padding:32px">
<h1 class="text" style="margin:0 0 16px;${font};font-size:22px;line-height:28px;color:#15201c;${breaking}">${say(letter.subject)}</h1>
${letter.body.map((part) => partHtml(part, say)).join('\n')}${button ? `\n${buttonHtml(button, say)}` : ''}${
  note ? `\n<p class="muted" style="margin:16px 0 0;${small};${breaking}">${say(note)}</p>` : ''
}
</td></tr>
<tr><td align="center" class="muted" style="padding:16px;${small}">Sath <a class="link" href="${home}" style="color:#0b6e5f;${breaking}">${home}</a></td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
}

function partHtml(part: Part, say: (phrase: Phrase) => string): string {
  return isRows(part)
    ? rowsHtml(part, say)
    : `<p class="text" style="margin:0 0 16px;${text};${breaking}">${say(part)}</p>`
}

function rowsHtml(rows: readonly Row[], say: (phrase: Phrase) => string): string {
  const cell = `padding:8px 0;border-top:1px solid #d5ddd9;vertical-align:top;${text};${breaking}`
  const lines = rows.map(
    ({ label, value }) =>
      `<tr><th class="muted line" scope="row" align="left" style="${cell};padding-right:16px;font-weight:normal;color:#52605a">${say(label)}</th><td class="text line" style="${cell}">${say(value)}</td></tr>`,
  )
  return `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px">\n${lines.join('\n')}\n</table>`
}

function buttonHtml({ text: words, url }: Button, say: (phrase: Phrase) => string): string {
  const href = escapeHtml(webAddress(url))
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0 12px"><tr><td class="button" style="border-radius:6px;background:#0b6e5f"><a class="button" href="${href}" style="display:inline-block;padding:12px 24px;border-radius:6px;${font};font-size:16px;line-height:24px;font-weight:600;color:#ffffff;text-decoration:none">${say(words)}</a></td></tr></table>
<p style="margin:0;${small};${breaking}"><a class="link" href="${href}" style="color:#0b6e5f">${href}</a></p>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(words: string): string {
  return words.replace(/[&<>"']/g, (sign) => entities[sign] ?? '')
}
