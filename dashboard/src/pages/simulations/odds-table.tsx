import type { Odds, SimulationReport } from '../../api/reports.js'
import { number } from '../../parts/format.js'
import { type Column, Table } from '../../parts/table.js'
import { usd } from './usd.js'

interface Row {
  readonly name: string
  readonly text: (odds: Odds) => string
}

const rows: readonly Row[] = [
  { name: 'Mean end', text: ({ mean }) => usd(mean) },
  { name: 'Standard deviation', text: ({ sd }) => usd(sd) },
  { name: 'Ends with a profit', text: ({ pProfit }) => chance(pProfit) },
  { name: 'Ends in ruin', text: ({ pRuin }) => chance(pRuin) },
  { name: 'Trades', text: ({ meanTrades }) => number(meanTrades, 2) },
  { name: 'Gales', text: ({ meanGales }) => number(meanGales, 2) },
  { name: 'Cycles lost', text: ({ meanBusts }) => number(meanBusts, 4) },
  { name: 'Staked in all', text: ({ meanTurnover }) => usd(meanTurnover) },
]

/** Monte Carlo beside the exact odds; of a measured win rate also at both ends of its interval. */
export function OddsTable({ report }: { report: SimulationReport }) {
  const { monteCarlo, exact, exactRefused, low, high, winRate } = report
  const column = (head: string, odds: Odds | undefined): readonly Column<Row>[] =>
    odds ? [{ head, align: 'end', cell: ({ text }) => text(odds) }] : []
  const middle = winRate.origin === 'measured' ? 'Monte Carlo, as measured' : 'Monte Carlo'
  return (
    <>
      <Table
        caption="Odds"
        columns={[
          { head: 'Of one scenario', cell: ({ name }) => name },
          ...column(middle, monteCarlo),
          ...column('Exact', exact),
          ...column('If the rate is at its low end', low),
          ...column('If it is at its high end', high),
        ]}
        rows={rows}
        rowKey={({ name }) => name}
      />
      <p className="muted">
        The mean of the Monte Carlo is drawn at random: its standard error is {usd(monteCarlo.standardError)}.
        {exactRefused && ` There are no exact odds: ${exactRefused}.`}
      </p>
    </>
  )
}

const tiny = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 })

/** A probability; small ones keep two digits that count. */
function chance(share: number): string {
  return share > 0 && share < 0.0001 ? `${tiny.format(share * 100)} %` : `${number(share * 100, 3)} %`
}
