import { type LoggerOptions, stdTimeFunctions } from 'pino'

/** Names of fields that never get into a log, wherever they are (see `depth`). */
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
  'Authorization',
  'cookie',
  'Cookie',
  'set-cookie',
  'x-mbx-apikey',
  'X-MBX-APIKEY',
  'stripe-signature',
]

/** Fields whose value is a person's: shown only in part. */
export const personalFields: readonly string[] = ['email', 'to']

/** Levels of nesting in which fields are looked for; log objects are flat or hold one request, error or config. */
const depth = 4

/** Options for a program's pino: ISO times, level words, no host, secrets by path taken out. */
export function loggerOptions({ name, level }: { name: string; level: string }): LoggerOptions {
  return {
    level,
    base: { name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: [...secretFields, ...personalFields].flatMap(pathsTo), censor },
  }
}

/** `a`, `*.a`, `*.*.a` … */
function pathsTo(field: string): string[] {
  const plain = /^[A-Za-z]+$/.test(field)
  return Array.from({ length: depth }, (_, above) => {
    const parents = Array.from({ length: above }, () => '*').join('.')
    if (!plain) return `${parents}["${field}"]`
    return parents === '' ? field : `${parents}.${field}`
  })
}

function censor(value: unknown, path: string[]): unknown {
  return personalFields.includes(path.at(-1) ?? '') ? maskEmail(value) : '[redacted]'
}

/** "ada@example.com" becomes "a…@example.com": enough to tell two accounts apart, too little to write to one. */
export function maskEmail(value: unknown): unknown {
  if (typeof value !== 'string') return '[redacted]'
  const at = value.lastIndexOf('@')
  return at < 1 ? '[redacted]' : `${value.slice(0, 1)}…${value.slice(at)}`
}
