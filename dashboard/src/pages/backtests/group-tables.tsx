import type { BacktestReport, Performance } from '../../api/reports.js'
import { Section } from '../../parts/page.js'
import { ProfitText } from '../../parts/profit-text.js'
import { type Column, Table } from '../../parts/table.js'
import { intervalText, percent, ratio } from './report-words.js'
import { useCatalogueNames } from './use-catalogue-names.js'

const columns: readonly Column<Performance>[] = [
  { head: 'Trades', align: 'end', cell: ({ trades }) => trades },
  { head: 'Win rate', align: 'end', cell: ({ winRate }) => (winRate ? intervalText(winRate) : '–') },
  {
    head: 'Break-even',
    align: 'end',
    cell: ({ breakEvenRate }) => (breakEvenRate === null ? '–' : percent(breakEvenRate, 2)),
  },
  { head: 'Profit factor', align: 'end', cell: ({ profitFactor }) => ratio(profitFactor) },
  { head: 'Profit', align: 'end', cell: ({ profit }) => <ProfitText amount={profit} currency="USD" /> },
]

/** The same by strategy, symbol and hour. */
export function GroupTables({ report: { byStrategy, bySymbol, byHour } }: { report: BacktestReport }) {
  const names = useCatalogueNames()
  if (byHour.length === 0) return null
  return (
    <>
      <Section title="By strategy">
        <Table
          caption="By strategy"
          columns={[{ head: 'Strategy', cell: ({ name }) => names.get(name) ?? name }, ...columns]}
          rows={byStrategy}
          rowKey={({ strategyId }) => strategyId}
        />
      </Section>
      <Section title="By symbol">
        <Table
          caption="By symbol"
          columns={[{ head: 'Symbol', cell: ({ symbol }) => symbol }, ...columns]}
          rows={bySymbol}
          rowKey={({ symbol }) => symbol}
        />
      </Section>
      <Section title="By hour of the day, UTC">
        <p className="muted">The best of many hours looks good by luck alone.</p>
        <Table
          caption="By hour of entry, UTC"
          columns={[{ head: 'Hour', cell: ({ hour }) => `${String(hour).padStart(2, '0')}:00` }, ...columns]}
          rows={byHour}
          rowKey={({ hour }) => hour}
        />
      </Section>
    </>
  )
}
