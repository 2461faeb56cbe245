import type { ExchangeKey, Timeframe } from '../../api/types.js'
import { accountOptions } from '../account-options.js'
import type { StrategyDraft } from './draft.js'
import type { Lists } from './lists.js'
import { SelectAt, TextAt } from './text-at.js'

const timeframes: readonly { value: Timeframe; label: string }[] = [
  { value: 'M1', label: '1 minute' },
  { value: 'M5', label: '5 minutes' },
  { value: 'M15', label: '15 minutes' },
  { value: 'M30', label: '30 minutes' },
  { value: 'H1', label: '1 hour' },
  { value: 'H4', label: '4 hours' },
  { value: 'D1', label: '1 day' },
]

interface TradeFieldsProps {
  readonly path: string
  readonly draft: StrategyDraft
  readonly lists: Lists
  readonly onChange: (change: Partial<StrategyDraft>) => void
}

/** When it looks, what it enters and on which account. */
export function TradeFields({ path, draft, lists, onChange }: TradeFieldsProps) {
  const multi = lists.plan === null || lists.plan.multiTimeframe
  return (
    <fieldset>
      <legend>What it trades</legend>
      <div className="fields">
        <SelectAt
          path={`${path}.timeframe`}
          label="Timeframe"
          value={draft.timeframe}
          options={timeframes}
          onPick={(timeframe) => onChange({ timeframe })}
          help="It decides once for every closed candle."
        />
        <SelectAt
          path={`${path}.confirmTimeframe`}
          label="Trend filter"
          value={draft.confirmTimeframe}
          options={[{ value: '', label: 'None' }, ...timeframes]}
          onPick={(confirmTimeframe) => onChange({ confirmTimeframe })}
          help={`Drops signals against the trend of a longer timeframe.${multi ? '' : ' Not in your plan.'}`}
        />
        <SelectAt
          path={`${path}.instrument`}
          label="Instrument"
          value={draft.instrument}
          options={[
            { value: 'binary', label: 'Binary option' },
            { value: 'spot', label: 'Spot' },
          ]}
          onPick={(instrument) => onChange({ instrument })}
        />
        <TextAt
          path={`${path}.expiryCandles`}
          label={draft.instrument === 'binary' ? 'Expires after, candles' : 'Closes after, candles'}
          inputMode="numeric"
          value={draft.expiryCandles}
          onText={(expiryCandles) => onChange({ expiryCandles })}
          help="1 to 100, counted from the entry."
        />
        <SelectAt
          path={`${path}.brokerAccountId`}
          label="Account"
          value={draft.brokerAccountId}
          options={accounts(lists.keys, draft.brokerAccountId)}
          onPick={(brokerAccountId) => onChange({ brokerAccountId })}
          help="Used when the bot trades live."
        />
      </div>
    </fieldset>
  )
}

function accounts(keys: readonly ExchangeKey[], chosen: string) {
  const gone = chosen === '' || keys.some(({ id }) => id === chosen) ? [] : [{ value: chosen, label: 'A deleted key' }]
  return [...accountOptions(keys), ...gone]
}
