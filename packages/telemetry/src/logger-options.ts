import { type LoggerOptions, stdTimeFunctions } from 'pino'
import { maskStripe } from './stripe-words.js'

/** Names of fields whose values never get into a log, at any depth and in any case of letters. */
export const secretFields: readonly string[] = [
  'password',
  'newPassword',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'jwtSecret',
  'apiKey',
  'secret',
  'secretKey',
  'privateKey',
  'credentials',
  'sealed',
  'signature',
  'authorization',
  'cookie',
  'set-cookie',
  'x-mbx-apikey',
  'stripe-signature',
]

/** An API token of ours. It begins with a mark so that it is found wherever somebody put it, such as in an address. */
const apiTokens = /sath_[\w-]{39}([\w-]{4})/g

/** Fields that may hold a person's address, which is shown only in part. */
const addressFields: readonly string[] = ['email', 'to']

const secrets = new Set(secretFields.map((name) => name.toLowerCase()))
const addresses = new Set(addressFields)
/** Whether a line has any such field: most have none and pass unread, at a microsecond or two. */
const suspicious = new RegExp(`"(${[...secretFields, ...addressFields].join('|')})":`, 'i')

/**
 * Options for a program's pino: ISO times, level words, no host, nothing secret, and of Stripe's ids a part.
 *
 * Redaction reads the finished line, so it also covers child bindings, serialised requests and the fields of errors;
 * pino's own by path costs 40 µs a line for these names at four levels, and stops there.
 */
export function loggerOptions({ name, level }: { name: string; level: string }): LoggerOptions {
  return {
    level,
    base: { name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    hooks: { streamWrite: redactLine },
  }
}

/** One JSON line without secrets. Exported for lines that do not come from our own pino. */
export function redactLine(line: string): string {
  const masked = maskStripe(line).replace(apiTokens, 'sath_…$1')
  if (!suspicious.test(masked)) return masked
  try {
    return `${JSON.stringify(JSON.parse(masked, censor))}\n`
  } catch {
    return `${JSON.stringify({ level: 'error', msg: 'a line that names a secret is not JSON and was left out' })}\n`
  }
}

function censor(key: string, value: unknown): unknown {
  const name = key.toLowerCase()
  if (secrets.has(name)) return value === null ? null : '[redacted]'
  return addresses.has(name) && typeof value === 'string' ? maskEmail(value) : value
}

/** "ada@example.com" becomes "a…@example.com": enough to tell two accounts apart, too little to write to one. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 1 ? '[redacted]' : `${address.slice(0, 1)}…${address.slice(at)}`
}
