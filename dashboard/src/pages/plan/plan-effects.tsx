import type { PlanPreview } from '../../api/types.js'
import { Badge } from '../../parts/badge.js'
import { Fact, Facts } from '../../parts/facts.js'
import { number } from '../../parts/format.js'
import { Notice } from '../../parts/notice.js'
import { type Column, Table } from '../../parts/table.js'
import { inWords } from '../setup/limit-words.js'
import { fates, limitChange, positionFate } from './effect-words.js'

type Effects = PlanPreview['effects']
type StrategyChange = Effects['strategies'][number]
type PositionChange = Effects['positions'][number]

/** What a change of plan does to the bot: to each strategy, each position and the container; and to API tokens. */
export function PlanEffects({ effects }: { effects: Effects }) {
  const { held, strategies, positions, memoryMiB, cpu, apiTokens, beforeNextStart } = effects
  const touched = strategies.filter(({ before, after, bust }) => before !== after || after !== 'stays' || bust)
  const names = new Map(strategies.map(({ strategyId, name }) => [strategyId, name]))
  const container = [
    limitChange('Memory', memoryMiB, (value) => `${number(value, 0)} MiB`),
    limitChange('Processor', cpu, (value) => `${number(value, 2)} CPU`),
  ].filter((change) => change !== undefined)
  return (
    <>
      {held && (
        <Notice tone="warning" title="Your live bot stops.">
          This plan has no live trading, and a live bot never goes on as a paper one by itself. It is held until you
          choose a plan with live trading or save a set-up for paper.
        </Notice>
      )}
      <h3>Strategies</h3>
      {strategies.length === 0 && <p>You have none that is switched on.</p>}
      {strategies.length > 0 && touched.length === 0 && <p>All of yours go on as they are.</p>}
      {touched.length > 0 && (
        <>
          <Table
            caption="What happens to your strategies, in the order of your set-up"
            columns={strategyColumns}
            rows={strategies}
            rowKey={({ strategyId }) => strategyId}
          />
          <p className="muted">Where there are too many, the first ones of your set-up stay.</p>
        </>
      )}
      <h3>Open positions</h3>
      {positions.length === 0 ? (
        <p>You have none.</p>
      ) : (
        <Table
          caption="What happens to your open positions"
          columns={positionColumns(names)}
          rows={positions}
          rowKey={({ tradeId }) => tradeId}
        />
      )}
      {container.length > 0 && (
        <>
          <h3>The bot’s container</h3>
          <Facts>
            {container.map(({ name, text }) => (
              <Fact key={name} name={name}>
                {text}
              </Fact>
            ))}
          </Facts>
        </>
      )}
      {apiTokens && <Notice tone="warning">{apiTokens.message}</Notice>}
      {beforeNextStart.length > 0 && (
        <Notice tone="info" title="Before the bot can be started the next time, change this in your set-up:">
          <ul>
            {beforeNextStart.map(inWords).map(({ path, message }) => (
              <li key={`${path} ${message}`}>{message}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  )
}

const strategyColumns: readonly Column<StrategyChange>[] = [
  { head: 'Strategy', cell: ({ name }) => name },
  {
    head: 'Then',
    cell: ({ after }) => <Badge tone={fates[after].tone}>{fates[after].title}</Badge>,
  },
  { head: 'Why', cell: (change) => <Reasons {...change} /> },
]

function Reasons({ after, before, reasons, pausedSymbols, bust }: StrategyChange) {
  const said = reasons.map(({ reason }) => reason).join('; ')
  return (
    <span>
      {said === '' ? (before === after ? '–' : 'the plan allows it') : said}
      {after === 'partly' && ` (${pausedSymbols.join(', ')})`}
      {bust && ` Level ${bust.level} of its ladder (${bust.stake}) counts as lost, so it starts again.`}
    </span>
  )
}

function positionColumns(names: ReadonlyMap<string, string>): readonly Column<PositionChange>[] {
  return [
    { head: 'Symbol', cell: ({ symbol }) => symbol },
    { head: 'Strategy', cell: ({ strategyId }) => (strategyId === null ? 'By hand' : (names.get(strategyId) ?? '–')) },
    { head: 'Then', cell: (position) => positionFate(position) },
  ]
}
