import { MoreFields } from '../../parts/more-fields.js'
import type { StrategyDraft } from '../setup/draft.js'
import type { Lists } from '../setup/lists.js'
import { MartingaleFields } from '../setup/martingale-fields.js'
import { ParamFields } from '../setup/param-fields.js'
import { PresetSelect } from '../setup/preset-select.js'
import { SourceField } from '../setup/source-field.js'
import { StrategyRiskFields } from '../setup/strategy-risk-fields.js'
import { StrategySelect } from '../setup/strategy-select.js'
import { SymbolFields } from '../setup/symbol-fields.js'
import { SelectAt } from '../setup/text-at.js'
import { TradeFields } from '../setup/trade-fields.js'
import type { BacktestDraft } from './backtest-draft.js'
import { SearchFields } from './search-fields.js'

interface BacktestSubjectProps {
  readonly path: string
  readonly draft: BacktestDraft
  readonly lists: Lists
  readonly onChange: (change: Partial<BacktestDraft>) => void
}

/** What is tested: the bot as it is set up, or one strategy with all that belongs to it. */
export function BacktestSubject({ path, draft, lists, onChange }: BacktestSubjectProps) {
  const { what, strategy } = draft
  const set = (change: Partial<StrategyDraft>) => onChange({ strategy: { ...strategy, ...change } })
  const info = lists.strategies.find(({ id }) => id === strategy.strategy)
  const isStrategy = what === 'strategy'
  return (
    <>
      <div className="fields">
        <SelectAt
          path={`${path}.what`}
          label="Test"
          value={what}
          options={[
            { value: 'strategy', label: 'One strategy' },
            { value: 'bot', label: 'Your bot as it is set up' },
          ]}
          onPick={(picked) => onChange({ what: picked })}
          help={isStrategy ? undefined : 'All strategies that are switched on, with the limits of the bot.'}
        />
        {isStrategy && (
          <>
            <PresetSelect path={path} presets={lists.presets} onPick={set} />
            <StrategySelect path={path} draft={strategy} strategies={lists.strategies} onChange={set} />
          </>
        )}
      </div>
      {isStrategy && (
        <>
          {info && (
            <ParamFields
              path={`${path}.params`}
              info={info}
              values={strategy.params}
              onChange={(params) => set({ params })}
            />
          )}
          {info && (
            <SearchFields
              path={`${path}.optimise`}
              info={info}
              search={draft.search}
              onChange={(search) => onChange({ search })}
            />
          )}
          <SymbolFields
            path={`${path}.symbols`}
            symbols={lists.symbols}
            chosen={strategy.symbols}
            onChange={(symbols) => set({ symbols })}
          />
          <TradeFields path={path} draft={strategy} plan={lists.plan} onChange={set}>
            <SourceField path={path} draft={strategy} symbols={lists.symbols} onChange={set} />
          </TradeFields>
          <MartingaleFields path={path} draft={strategy} capital={draft.capital} plan={null} onChange={set} />
          <MoreFields title="Limits of this strategy">
            <StrategyRiskFields path={`${path}.risk`} draft={strategy} onChange={set} />
          </MoreFields>
        </>
      )}
    </>
  )
}
