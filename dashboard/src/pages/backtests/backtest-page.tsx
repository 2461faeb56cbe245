import { getRouteApi } from '@tanstack/react-router'
import type { Backtest } from '../../api/reports.js'
import { JobPage } from '../jobs/job-page.js'
import { BacktestReportView } from './backtest-report.js'
import { subjectOf } from './subject-words.js'
import { useCatalogueNames } from './use-catalogue-names.js'

const route = getRouteApi('/signed-in/backtests/$id')

export function BacktestPage() {
  const { id } = route.useParams()
  const names = useCatalogueNames()
  return (
    <JobPage<Backtest>
      path="/backtests"
      id={id}
      what="back-test"
      subject={({ request }) => subjectOf(request, names)}
      report={({ report }) => report && <BacktestReportView report={report} />}
    />
  )
}
