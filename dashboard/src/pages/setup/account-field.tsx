import type { ExchangeKey } from '../../api/types.js'
import { accountOptions } from '../account-options.js'
import { SelectAt } from './text-at.js'

interface AccountFieldProps {
  readonly path: string
  readonly keys: readonly ExchangeKey[]
  /** "" for paper. */
  readonly chosen: string
  readonly onPick: (id: string) => void
}

/** On which account it trades. */
export function AccountField({ path, keys, chosen, onPick }: AccountFieldProps) {
  const gone = chosen === '' || keys.some(({ id }) => id === chosen) ? [] : [{ value: chosen, label: 'A deleted key' }]
  return (
    <SelectAt
      path={`${path}.brokerAccountId`}
      label="Account"
      value={chosen}
      options={[...accountOptions(keys), ...gone]}
      onPick={onPick}
      help="Used when the bot trades live."
    />
  )
}
