import { useState } from 'react'
import type { SimulationPreset } from '../../api/types.js'
import { CheckField } from '../../parts/field.js'
import { Notice } from '../../parts/notice.js'
import { JobForm } from '../jobs/job-form.js'
import type { Lists } from '../setup/lists.js'
import { SelectAt, TextOf } from '../setup/text-at.js'
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
  const part = { path: root, draft, onChange: change }
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
      <RateFields {...part} lists={lists} />
      <StakeFields {...part} />
      <fieldset>
        <legend>How it is computed</legend>
        <div className="fields">
          <TextOf
            of={part}
            name="scenarios"
            label="Scenarios"
            inputMode="numeric"
            help="1 to 100,000, drawn at random."
          />
          <TextOf
            of={part}
            name="seed"
            label="Seed"
            inputMode="numeric"
            placeholder="Any"
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
