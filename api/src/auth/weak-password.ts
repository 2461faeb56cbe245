import { AppError } from '@sath/core'
import { commonPasswords } from './common-passwords.js'

const minLength = 10
/** Fewer different characters than this is a pattern, for example "1212121212". */
const minDifferent = 5
const leet: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** @throws AppError weak-password saying what to do */
export function assertStrong(password: string, email: string): void {
  const message = weakness(password, email)
  if (message) throw new AppError('weak-password', message, { errors: [{ path: 'password', message }] })
}

/** Undefined: strong enough. */
export function weakness(password: string, email: string): string | undefined {
  if ([...password].length < minLength) return `The password must have at least ${minLength} characters.`
  const lower = password.toLowerCase()
  if (new Set(lower).size < minDifferent) return 'The password repeats itself; choose another.'
  if (isCommon(lower)) return 'This password is one of the most used; choose another.'
  const [name = ''] = email.toLowerCase().split('@')
  if (
    lower === email.toLowerCase() ||
    (name.length >= 4 && lower.replace(/[^\p{L}]/gu, '') === name.replace(/[^\p{L}]/gu, ''))
  )
    return 'The password must not be your address.'
  return undefined
}

/** As it is, and with the usual digits and signs read as the letters they stand for: in the whole, or up to the digits behind. */
function isCommon(lower: string): boolean {
  const [, stem = '', tail = ''] = /^(.*?)([\d!?.@#*$_-]*)$/.exec(lower) ?? []
  return [lower, read(lower), read(stem) + tail].some((text) => commonPasswords.has(text))
}

function read(text: string): string {
  return [...text].map((character) => leet[character] ?? character).join('')
}
