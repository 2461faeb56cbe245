/** Fields that name an account rather than open it, best first. */
const publicFields = [
  'apikey',
  'publickey',
  'accesskey',
  'key',
  'accountid',
  'login',
  'username',
  'email',
  'apitoken',
  'token',
]

/**
 * What is shown of a key, so that its owner knows which one it is: the last four characters of its public part, and never
 * more than half of it. Empty when no field is known to be public.
 */
export function hintOf(credentials: Readonly<Record<string, string>>): string {
  const byName = new Map(Object.entries(credentials).map(([name, value]) => [plain(name), value]))
  const value = publicFields.map((name) => byName.get(name)).find((found) => found !== undefined) ?? ''
  return value.slice(value.length - Math.min(4, Math.floor(value.length / 2)))
}

/** "api_key" and "apiKey" are the same to people. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}
