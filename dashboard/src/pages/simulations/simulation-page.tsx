import { getRouteApi, Link } from '@tanstack/react-router'
import type { Simulation } from '../../api/reports.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Time } from '../../parts/time.js'
import { DeleteJob } from '../jobs/delete-job.js'
import { JobProgress } from '../jobs/job-progress.js'
import { isOpen, useJob } from '../jobs/use-job.js'
import { planName } from './plan-words.js'
import { SimulationReportView } from './simulation-report.js'

const route = getRouteApi('/signed-in/simulations/$id')

/** One simulation: on its way, or its report. */
export function SimulationPage() {
  const { id } = route.useParams()
  const navigate = route.useNavigate()
  const query = useJob<Simulation>('/simulations', id)
  const job = query.data
  return (
    <Page
      title="Simulation"
      actions={
        <>
          <Link to="/simulations" className="button button-plain">
            All simulations
          </Link>
          {job && !isOpen(job.status) && (
            <DeleteJob
              path="/simulations"
              id={id}
              what="simulation"
              onDeleted={() => navigate({ to: '/simulations' })}
            />
          )}
        </>
      }
    >
      <Loaded query={query}>
        {(found) => (
          <>
            <Section title={planName(found.request.odds.plan, found.request.odds.maxGales)}>
              <p className="muted">
                Asked <Time at={found.createdAt} />
              </p>
              <JobProgress job={found} path="/simulations" />
            </Section>
            {found.report && <SimulationReportView report={found.report} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}
