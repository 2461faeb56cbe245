import type { Plan } from '../../api/types.js'
import { Section } from '../../parts/page.js'
import type { Draft } from './draft.js'
import { type Limit, LimitFields } from './limit-fields.js'
import { SelectAt, TextAt } from './text-at.js'

interface BotFieldsProps {
  readonly draft: Draft
  readonly plan: Plan | null
  readonly onChange: (change: Partial<Draft>) => void
}

const limits: readonly Limit[] = [
  { name: 'maxDailyLoss', label: 'Loss in a day, USD', help: 'Nothing new that day after it.' },
  { name: 'maxDailyProfit', label: 'Profit in a day, USD', help: 'Enough for a day: nothing new after it.' },
  { name: 'maxExposure', label: 'At stake at once, USD', help: 'Over all open trades together.' },
  { name: 'maxTradesPerDay', label: 'Trades in a day', help: 'Your plan has its own limit too.', inputMode: 'numeric' },
  { name: 'stopDrawdownPct', label: 'Stop at a drawdown of, %', help: 'Of the capital; nothing new after it.' },
  { name: 'targetProfitPct', label: 'Stop at a profit of, %', help: 'Of the capital; nothing new after it.' },
]

/** What holds for the whole bot. */
export function BotFields({ draft, plan, onChange }: BotFieldsProps) {
  const livePossible = plan === null || plan.modes.includes('live')
  return (
    <>
      <Section title="The bot">
        <div className="fields">
          <SelectAt
            path="mode"
            label="Trading"
            value={draft.mode}
            options={[
              { value: 'paper', label: 'Paper: no real money' },
              { value: 'live', label: livePossible ? 'Live: on your broker account' : 'Live (not in your plan)' },
            ]}
            onPick={(mode) => onChange({ mode })}
            help="On paper everything is simulated, whatever the strategies name."
          />
          <TextAt
            path="capital"
            label="Capital, USD"
            inputMode="decimal"
            value={draft.capital}
            onText={(capital) => onChange({ capital })}
            help="What the bot may count on."
          />
          <SelectAt
            path="onStop"
            label="When it is stopped"
            value={draft.onStop}
            options={[
              { value: 'close', label: 'Close open positions' },
              { value: 'keep', label: 'Keep open positions' },
            ]}
            onPick={(onStop) => onChange({ onStop })}
            help="Binary options run to their expiry either way."
          />
          <TextAt
            path="timezone"
            label="Time zone of its days"
            value={draft.timezone}
            placeholder="UTC"
            onText={(timezone) => onChange({ timezone })}
            help="Limits of a day count from midnight there, for example Europe/Madrid."
          />
        </div>
      </Section>
      <Section title="Limits of the whole bot">
        <LimitFields path="risk" limits={limits} risk={draft.risk} onChange={(risk) => onChange({ risk })} />
      </Section>
    </>
  )
}
