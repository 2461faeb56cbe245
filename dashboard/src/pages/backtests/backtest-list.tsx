import { Link } from '@tanstack/react-router'
import type { Backtest, BacktestReport } from '../../api/reports.js'
import { Pages } from '../../parts/pages.js'
import { ProfitText } from '../../parts/profit-text.js'
import { type Column, Table } from '../../parts/table.js'
import { Time } from '../../parts/time.js'
import { JobState } from '../jobs/job-state.js'
import { useJobs } from '../jobs/use-job.js'
import { percent } from './report-words.js'
import { subjectOf } from './subject-words.js'
import { useCatalogueNames } from './use-catalogue-names.js'

const columnsWith = (names: ReadonlyMap<string, string>): readonly Column<Backtest>[] => [
  { head: 'Asked', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { head: 'Tested', cell: ({ request }) => subjectOf(request, names) },
  { head: 'State', cell: JobState },
  { head: 'Trades', align: 'end', cell: ({ report }) => report?.trades ?? '–' },
  { head: 'Win rate', align: 'end', cell: ({ report }) => rate(report) },
  {
    head: 'Profit',
    align: 'end',
    cell: ({ report }) => (report?.profit === undefined ? '–' : <ProfitText amount={report.profit} currency="USD" />),
  },
  {
    head: 'Report',
    cell: ({ id, request }) => (
      <Link to="/backtests/$id" params={{ id }} aria-label={`Open the back-test of ${subjectOf(request, names)}`}>
        Open
      </Link>
    ),
  },
]

function rate(report: BacktestReport | null): string {
  if (!report?.winRate) return '–'
  const needed = report.breakEvenRate === null ? '' : ` (needs ${percent(report.breakEvenRate)})`
  return `${percent(report.winRate.value)}${needed}`
}

export function BacktestList() {
  const names = useCatalogueNames()
  const query = useJobs<Backtest>('/backtests')
  return (
    <Pages query={query} empty="None yet. Run one above; reports are kept for 30 days.">
      {(rows) => (
        <Table caption="Back-tests, newest first" columns={columnsWith(names)} rows={rows} rowKey={({ id }) => id} />
      )}
    </Pages>
  )
}
