import type { Language, Phrase } from './language.js'
import { isRows, type Letter, oneLine, type Part, webAddress } from './letter.js'

/** The letter as plain text; says what the HTML says. */
export function letterText(letter: Letter, language: Language, publicUrl: string): string {
  const say = (phrase: Phrase) => oneLine(phrase[language])
  const partText = (part: Part) =>
    isRows(part) ? part.map(({ label, value }) => `- ${say(label)}: ${say(value)}`).join('\n') : say(part)
  const { button, note } = letter
  const parts = [
    ...letter.body.map(partText),
    ...(button ? [`${say(button.text)}:\n${webAddress(button.url)}`] : []),
    ...(note ? [say(note)] : []),
    `-- \nSath ${publicUrl}`,
  ]
  return `${parts.join('\n\n')}\n`
}
