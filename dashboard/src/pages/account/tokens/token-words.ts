import type { ApiToken, NewApiToken, Plan, TokenScope } from '../../../api/types.js'
import type { Tone } from '../../../parts/tone.js'
import type { FormValues } from '../../../parts/use-form.js'

/** What a token may do, the least first. */
export const scopes: Readonly<Record<TokenScope, string>> = {
  read: 'Read',
  trade: 'Read and trade',
}
export const scopeHelp: Readonly<Record<TokenScope, string>> = {
  read: 'Looks at everything about your bot: status, set-up, trades, decisions, logs, back-tests. Changes nothing.',
  trade: 'The same, and starts and stops the bot, changes its set-up, trades by hand, runs back-tests and simulations.',
}

/** In days; the empty one has no end. */
export const lifetimes = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '', label: 'Without end' },
]

/** What the form asks for. */
export function newToken({ name = '', scope, days = '' }: FormValues): NewApiToken {
  return {
    name: name.trim(),
    scope: scope === 'trade' ? 'trade' : 'read',
    ...(days !== '' && { days: Number(days) }),
  }
}

/** Whether a token is taken where it is shown. `now` in epoch ms. */
export function tokenState(
  { expiresAt }: ApiToken,
  hasAccess: boolean,
  now: number,
): { readonly tone: Tone | 'none'; readonly text: string } {
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return { tone: 'none', text: 'Expired' }
  return hasAccess ? { tone: 'good', text: 'Works' } : { tone: 'warning', text: 'Not on your plan' }
}

/** A call with the token for a shell; `origin` is where this Sath is. */
export function curlLine(origin: string, token: string): string {
  return `curl -H "Authorization: Bearer ${token}" ${origin}/api/v1/bot/status`
}

/** Which plans have what the one in force does not. */
export function whoHasAccess(plans: readonly Plan[]): string {
  const names = plans.filter(({ apiAccess }) => apiAccess).map(({ name }) => name)
  if (names.length === 0) return 'No plan has it now.'
  const list = new Intl.ListFormat('en', { type: 'conjunction' }).format(names)
  return names.length === 1 ? `The plan ${list} has it.` : `The plans ${list} have it.`
}
