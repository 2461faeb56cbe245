import { SelectAt, TextAt } from '../setup/text-at.js'
import type { SimulationDraft } from './simulation-draft.js'

interface StakeFieldsProps {
  readonly path: string
  readonly draft: SimulationDraft
  readonly onChange: (change: Partial<SimulationDraft>) => void
}

/** The stake plan and how long it is played. */
export function StakeFields({ path, draft, onChange }: StakeFieldsProps) {
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
          options={[
            { value: 'single', label: 'Single: one for both' },
            { value: 'dual', label: 'Dual: CALL and PUT apart' },
          ]}
          onPick={(ladder) => onChange({ ladder })}
        />
        <TextAt
          path={`${path}.gales`}
          label="Gales"
          inputMode="numeric"
          value={draft.gales}
          onText={(gales) => onChange({ gales })}
          help="Levels above the first stake, 0 to 20."
        />
        <TextAt
          path={`${path}.capital`}
          label="Capital, USD"
          inputMode="decimal"
          value={draft.capital}
          onText={(capital) => onChange({ capital })}
        />
        <TextAt
          path={`${path}.stake`}
          label={draft.stakeIn === 'amount' ? 'First stake, USD' : 'First stake, % of the balance'}
          inputMode="decimal"
          value={draft.stake}
          onText={(stake) => onChange({ stake })}
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
        <TextAt
          path={`${path}.payout`}
          label="A win pays, %"
          inputMode="decimal"
          value={draft.payout}
          onText={(payout) => onChange({ payout })}
        />
        <TextAt
          path={`${path}.cycles`}
          label="Cycles"
          inputMode="numeric"
          value={draft.cycles}
          onText={(cycles) => onChange({ cycles })}
          help="A cycle is a first stake and its gales."
        />
      </div>
    </fieldset>
  )
}
