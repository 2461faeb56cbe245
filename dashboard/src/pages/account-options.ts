import type { ExchangeKey } from '../api/types.js'
import type { Option } from '../parts/field.js'

/** Where a trade can go: on paper, or to the account of a stored key. */
export function accountOptions(keys: readonly ExchangeKey[]): readonly Option[] {
  const own = keys.map(({ id, label, broker, hint }) => ({ value: id, label: `${label ?? broker} (…${hint})` }))
  return [{ value: '', label: 'Paper' }, ...own]
}
