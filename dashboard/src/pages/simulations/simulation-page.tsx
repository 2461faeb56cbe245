import { getRouteApi } from '@tanstack/react-router'
import type { Simulation } from '../../api/reports.js'
import { JobPage } from '../jobs/job-page.js'
import { planName } from './plan-words.js'
import { SimulationReportView } from './simulation-report.js'

const route = getRouteApi('/signed-in/simulations/$id')

export function SimulationPage() {
  const { id } = route.useParams()
  return (
    <JobPage<Simulation>
      path="/simulations"
      id={id}
      what="simulation"
      subject={({ request: { odds } }) => planName(odds.plan, odds.maxGales)}
      report={({ report }) => report && <SimulationReportView report={report} />}
    />
  )
}
