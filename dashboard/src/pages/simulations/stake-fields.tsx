import { MoreFields } from '../../parts/more-fields.js'
import { ladderOptions } from '../setup/ladder-options.js'
import { SelectAt, TextOf } from '../setup/text-at.js'
import type { SimulationDraft } from './simulation-draft.js'

interface StakeFieldsProps {
  readonly path: string
  readonly draft: SimulationDraft
  readonly onChange: (change: Partial<SimulationDraft>) => void
}

/** The stake plan and how long it is played. */
export function StakeFields(part: StakeFieldsProps) {
  const { path, draft, onChange } = part
  return (
    <fieldset>
      <legend>Stakes</legend>
      <div className="fields">
        <SelectAt
          path={`${path}.plan`}
          label="After a loss"
          value={draft.plan}
          options={[
            { value: 'FLAT', label: 'Same stake' },
            { value: 'X2', label: 'Double' },
            { value: 'BE', label: 'Break-even: win back' },
            { value: 'TP', label: 'Target: win back and gain' },
          ]}
          onPick={(plan) => onChange({ plan })}
          help="A plan of stakes scales the edge. It cannot change its sign."
        />
        <SelectAt
          path={`${path}.ladder`}
          label="Ladder"
          value={draft.ladder}
          options={ladderOptions}
          onPick={(ladder) => onChange({ ladder })}
        />
        <TextOf
          of={part}
          name="gales"
          label="Gales"
          inputMode="numeric"
          help="Levels above the first stake, 0 to 20."
        />
        <TextOf of={part} name="capital" label="Capital, USD" inputMode="decimal" />
        <TextOf
          of={part}
          name="stake"
          label={draft.stakeIn === 'amount' ? 'First stake, USD' : 'First stake, % of the balance'}
          inputMode="decimal"
        />
        <SelectAt
          path={`${path}.stakeIn`}
          label="The stake is"
          value={draft.stakeIn}
          options={[
            { value: 'amount', label: 'An amount' },
            { value: 'percent', label: 'A part of the balance' },
          ]}
          onPick={(stakeIn) => onChange({ stakeIn })}
        />
        <TextOf of={part} name="payout" label="A win pays, %" inputMode="decimal" />
        <SelectAt
          path={`${path}.lengthIn`}
          label="A scenario is as long as"
          value={draft.lengthIn}
          options={[
            { value: 'cycles', label: 'So many cycles' },
            { value: 'trades', label: 'So many trades' },
          ]}
          onPick={(lengthIn) => onChange({ lengthIn })}
          help="A cycle is a first stake and its gales."
        />
        <TextOf
          of={part}
          name={draft.lengthIn}
          label={draft.lengthIn === 'cycles' ? 'Cycles' : 'Trades'}
          inputMode="numeric"
        />
      </div>
      <MoreFields title="When it ends early, and bounds of the stake">
        <div className="fields">
          <TextOf
            of={part}
            name="stopLoss"
            label="Ends when down to, USD"
            inputMode="decimal"
            placeholder="Never"
            help="A balance below the capital."
          />
          <TextOf
            of={part}
            name="takeProfit"
            label="Ends when up to, USD"
            inputMode="decimal"
            placeholder="Never"
            help="A balance above the capital."
          />
          <TextOf of={part} name="minStake" label="Smallest stake, USD" inputMode="decimal" placeholder="Any" />
          <TextOf
            of={part}
            name="maxStake"
            label="Largest stake, USD"
            inputMode="decimal"
            placeholder="Any"
            help="A win of a stake cut down may win back less than was lost."
          />
          <SelectAt
            path={`${path}.rounding`}
            label="Stakes are"
            value={draft.rounding}
            options={[
              { value: 'none', label: 'As computed' },
              { value: 'cents', label: 'In whole cents' },
            ]}
            onPick={(rounding) => onChange({ rounding })}
            help="A bot stakes whole cents."
          />
        </div>
      </MoreFields>
    </fieldset>
  )
}
