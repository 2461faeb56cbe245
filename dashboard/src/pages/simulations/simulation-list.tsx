import { Link } from '@tanstack/react-router'
import type { Simulation } from '../../api/reports.js'
import { money } from '../../parts/format.js'
import { Pages } from '../../parts/pages.js'
import { type Column, Table } from '../../parts/table.js'
import { Time } from '../../parts/time.js'
import { percent } from '../backtests/report-words.js'
import { JobState } from '../jobs/job-state.js'
import { useJobs } from '../jobs/use-job.js'
import { planName } from './plan-words.js'
import { RateOf } from './rate-words.js'

const columns: readonly Column<Simulation>[] = [
  { head: 'Asked', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { head: 'Plan', cell: ({ request }) => planName(request.odds.plan, request.odds.maxGales) },
  { head: 'State', cell: JobState },
  { head: 'Win rate', cell: ({ report, request }) => <RateOf rate={report?.winRate} asked={request.winRate} /> },
  {
    head: 'Mean end',
    align: 'end',
    cell: ({ report }) => (report ? money(report.monteCarlo.mean.toFixed(2), 'USD') : '–'),
  },
  { head: 'Ruin', align: 'end', cell: ({ report }) => (report ? percent(report.monteCarlo.pRuin, 2) : '–') },
  {
    head: 'Report',
    cell: ({ id }) => (
      <Link to="/simulations/$id" params={{ id }} aria-label="Open this simulation">
        Open
      </Link>
    ),
  },
]

export function SimulationList() {
  const query = useJobs<Simulation>('/simulations')
  return (
    <Pages query={query} empty="None yet. Run one above; reports are kept for 30 days.">
      {(rows) => <Table caption="Simulations, newest first" columns={columns} rows={rows} rowKey={({ id }) => id} />}
    </Pages>
  )
}
