import type { Plan } from '../../api/types.js'
import type { StrategyDraft } from './draft.js'
import { ladderOptions } from './ladder-options.js'
import { LadderTable } from './ladder-table.js'
import { SelectAt, TextAt } from './text-at.js'

interface MartingaleFieldsProps {
  readonly path: string
  readonly draft: StrategyDraft
  readonly capital: string
  readonly plan: Plan | null
  readonly onChange: (change: Partial<StrategyDraft>) => void
}

/** The stake, how it grows after a loss, and what that may cost. */
export function MartingaleFields({ path, draft, capital, plan, onChange }: MartingaleFieldsProps) {
  const { martingale } = draft
  const set = (change: Partial<typeof martingale>) => onChange({ martingale: { ...martingale, ...change } })
  const climbs = martingale.plan !== 'none'
  return (
    <fieldset>
      <legend>Stake and martingale</legend>
      <div className="fields">
        <TextAt
          path={`${path}.stake`}
          label="Stake, USD"
          inputMode="decimal"
          value={draft.stake}
          onText={(stake) => onChange({ stake })}
          help={
            plan?.maxCapitalPerTrade
              ? `At most ${plan.maxCapitalPerTrade} in your plan, at every level.`
              : 'Of the first trade.'
          }
        />
        <SelectAt
          path={`${path}.martingale.plan`}
          label="After a loss"
          value={martingale.plan}
          options={[
            { value: 'none', label: 'None: same stake' },
            { value: 'classic', label: 'Classic: multiply' },
            { value: 'break-even', label: 'Break-even: win back' },
            { value: 'target', label: 'Target: win back and gain' },
          ]}
          onPick={(next) => set({ plan: next })}
          help="A martingale moves losses into rarer, larger ones. It cannot turn a losing strategy into a winning one."
        />
        {climbs && (
          <>
            <SelectAt
              path={`${path}.martingale.ladder`}
              label="Ladder"
              value={martingale.ladder}
              options={ladderOptions}
              onPick={(ladder) => set({ ladder })}
            />
            <SelectAt
              path={`${path}.martingale.next`}
              label="Next level"
              value={martingale.next}
              options={[
                { value: 'signal', label: 'On the next signal' },
                { value: 'candle', label: 'At once, on the next candle' },
              ]}
              onPick={(next) => set({ next })}
            />
            {martingale.plan === 'classic' && (
              <TextAt
                path={`${path}.martingale.multiplier`}
                label="Multiplier"
                inputMode="decimal"
                value={martingale.multiplier}
                onText={(multiplier) => set({ multiplier })}
                help="1 to 10 times the stake before."
              />
            )}
            <TextAt
              path={`${path}.martingale.maxLevel`}
              label="Highest level"
              inputMode="numeric"
              value={martingale.maxLevel}
              onText={(maxLevel) => set({ maxLevel })}
              help="0 to 10. After a loss there, the ladder starts again."
            />
          </>
        )}
      </div>
      {climbs && <LadderTable draft={draft} capital={capital} plan={plan} />}
    </fieldset>
  )
}
