import { useId } from 'react'
import { Button } from '../../parts/button.js'
import { CheckField } from '../../parts/field.js'
import { AccountField } from './account-field.js'
import type { StrategyDraft } from './draft.js'
import { HoursFields } from './hours-fields.js'
import { KeepPreset } from './keep-preset.js'
import type { Lists } from './lists.js'
import { MartingaleFields } from './martingale-fields.js'
import { ParamFields } from './param-fields.js'
import { PresetSelect } from './preset-select.js'
import { SourceField } from './source-field.js'
import { StrategyRiskFields } from './strategy-risk-fields.js'
import { StrategySelect } from './strategy-select.js'
import { SymbolFields } from './symbol-fields.js'
import { TextAt } from './text-at.js'
import { TradeFields } from './trade-fields.js'

export interface StrategyFormProps {
  /** Path of this strategy in the configuration, for example "strategies.0". */
  readonly path: string
  readonly draft: StrategyDraft
  readonly capital: string
  readonly lists: Lists
  readonly onChange: (change: Partial<StrategyDraft>) => void
  readonly onRemove: () => void
}

export function StrategyForm(props: StrategyFormProps) {
  const { path, draft, capital, lists, onChange, onRemove } = props
  const heading = useId()
  const info = lists.strategies.find(({ id }) => id === draft.strategy)
  return (
    <article className="strategy" aria-labelledby={heading}>
      <div className="section-head">
        <h3 id={heading}>{draft.name || 'Unnamed strategy'}</h3>
        <div className="actions">
          <CheckField
            name={`${path}.enabled`}
            label="Switched on"
            checked={draft.enabled}
            onChange={(event) => onChange({ enabled: event.target.checked })}
          />
          <KeepPreset draft={draft} catalogue={lists.strategies} presets={lists.presets} />
          <Button look="danger" onClick={onRemove} aria-label={`Remove ${draft.name || 'this strategy'}`}>
            Remove
          </Button>
        </div>
      </div>
      <div className="fields">
        <TextAt
          path={`${path}.name`}
          label="Name"
          value={draft.name}
          maxLength={60}
          onText={(name) => onChange({ name })}
        />
        <PresetSelect path={path} presets={lists.presets} onPick={onChange} />
        <StrategySelect path={path} draft={draft} strategies={lists.strategies} onChange={onChange} />
      </div>
      {info && (
        <ParamFields
          path={`${path}.params`}
          info={info}
          values={draft.params}
          onChange={(params) => onChange({ params })}
        />
      )}
      <SymbolFields
        path={`${path}.symbols`}
        symbols={lists.symbols}
        chosen={draft.symbols}
        onChange={(symbols) => onChange({ symbols })}
      />
      <TradeFields path={path} draft={draft} plan={lists.plan} onChange={onChange}>
        <SourceField path={path} draft={draft} symbols={lists.symbols} onChange={onChange} />
        <AccountField
          path={path}
          keys={lists.keys}
          chosen={draft.brokerAccountId}
          onPick={(brokerAccountId) => onChange({ brokerAccountId })}
        />
      </TradeFields>
      <MartingaleFields path={path} draft={draft} capital={capital} plan={lists.plan} onChange={onChange} />
      <fieldset>
        <legend>Limits of this strategy</legend>
        <StrategyRiskFields path={`${path}.risk`} draft={draft} onChange={onChange} />
      </fieldset>
      <HoursFields
        path={`${path}.tradingHours`}
        hours={draft.tradingHours}
        onChange={(tradingHours) => onChange({ tradingHours })}
      />
    </article>
  )
}
