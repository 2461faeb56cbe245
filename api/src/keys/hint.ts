/** Fields that name an account rather than open it, best first. */
const publicFields = ['apiKey', 'key', 'accountId', 'login', 'email', 'apiToken', 'token']

/**
 * What is shown of a key, so that its owner knows which one it is: the last four characters of its public part, and never
 * more than half of it. Empty when no field is known to be public.
 */
export function hintOf(credentials: Readonly<Record<string, string>>): string {
  const name = publicFields.find((field) => Object.hasOwn(credentials, field))
  const value = name === undefined ? '' : (credentials[name] ?? '')
  return value.slice(value.length - Math.min(4, Math.floor(value.length / 2)))
}
