import { useState } from 'react'
import type { SimulationPreset } from '../../api/types.js'
import { CheckField } from '../../parts/field.js'
import { Notice } from '../../parts/notice.js'
import { JobForm } from '../jobs/job-form.js'
import type { Lists } from '../setup/lists.js'
import { SelectAt, TextAt } from '../setup/text-at.js'
import { RateFields } from './rate-fields.js'
import { putIn, type SimulationDraft, simulationBody, simulationErrors } from './simulation-draft.js'
import { StakeFields } from './stake-fields.js'

interface SimulationFormProps {
  readonly first: SimulationDraft
  readonly lists: Lists
  readonly presets: readonly SimulationPreset[]
  readonly onAsked: (id: string) => void
}

const root = 'simulation'

export function SimulationForm({ first, lists, presets, onAsked }: SimulationFormProps) {
  const [draft, setDraft] = useState(first)
  const change = (next: Partial<SimulationDraft>) => setDraft((kept) => ({ ...kept, ...next }))
  const preset = presets.find(({ id }) => id === draft.preset)
  return (
    <JobForm
      path="/simulations"
      root={root}
      errors={() => simulationErrors(draft)}
      body={() => simulationBody(draft, lists.strategies, presets)}
      action="Run the simulation"
      onAsked={onAsked}
    >
      <div className="fields">
        <SelectAt
          path={`${root}.preset`}
          label="Begin with"
          value={draft.preset}
          options={[
            { value: '', label: 'Settings of your own' },
            ...presets.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onPick={(id) => {
            const picked = presets.find((one) => one.id === id)
            change(picked ? putIn(picked) : { preset: '' })
          }}
        />
      </div>
      {preset && (
        <Notice tone="warning" title={preset.name}>
          {preset.summary}
        </Notice>
      )}
      <RateFields path={root} draft={draft} lists={lists} onChange={change} />
      <StakeFields path={root} draft={draft} onChange={change} />
      <fieldset>
        <legend>How it is computed</legend>
        <div className="fields">
          <TextAt
            path={`${root}.scenarios`}
            label="Scenarios"
            inputMode="numeric"
            value={draft.scenarios}
            onText={(scenarios) => change({ scenarios })}
            help="1 to 100,000, drawn at random."
          />
          <TextAt
            path={`${root}.seed`}
            label="Seed"
            inputMode="numeric"
            placeholder="Any"
            value={draft.seed}
            onText={(seed) => change({ seed })}
            help="The same seed gives the same answer."
          />
        </div>
        <CheckField
          name={`${root}.exact`}
          label="Compute the exact odds as well"
          checked={draft.exact}
          onChange={(event) => change({ exact: event.target.checked })}
        />
      </fieldset>
    </JobForm>
  )
}
