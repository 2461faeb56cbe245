import { getRouteApi, Link } from '@tanstack/react-router'
import type { Backtest } from '../../api/reports.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Time } from '../../parts/time.js'
import { DeleteJob } from '../jobs/delete-job.js'
import { JobProgress } from '../jobs/job-progress.js'
import { isOpen, useJob } from '../jobs/use-job.js'
import { BacktestReportView } from './backtest-report.js'
import { subjectOf } from './subject-words.js'
import { useCatalogueNames } from './use-catalogue-names.js'

const route = getRouteApi('/signed-in/backtests/$id')

/** One back-test: on its way, or its report. */
export function BacktestPage() {
  const { id } = route.useParams()
  const navigate = route.useNavigate()
  const query = useJob<Backtest>('/backtests', id)
  const names = useCatalogueNames()
  const job = query.data
  return (
    <Page
      title="Back-test"
      actions={
        <>
          <Link to="/backtests" className="button button-plain">
            All back-tests
          </Link>
          {job && !isOpen(job.status) && (
            <DeleteJob path="/backtests" id={id} what="back-test" onDeleted={() => navigate({ to: '/backtests' })} />
          )}
        </>
      }
    >
      <Loaded query={query}>
        {(found) => (
          <>
            <Section title={subjectOf(found.request, names)}>
              <p className="muted">
                Asked <Time at={found.createdAt} />
                {found.finishedAt && (
                  <>
                    , ended <Time at={found.finishedAt} />
                  </>
                )}
              </p>
              <JobProgress job={found} path="/backtests" />
            </Section>
            {found.report && <BacktestReportView report={found.report} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}
