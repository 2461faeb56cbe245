import type { http } from '@sath/contracts'
import type { JobRow } from '@sath/db'
import type { z } from 'zod'

/** Parts of reports that a list goes without. */
const longSeries: ReadonlySet<string> = new Set(['equity', 'histogram'])

/** A job as clients see it. Pure. */
export function jobView({ id, status, progress, input, result, createdAt, finishedAt }: JobRow) {
  const error = status === 'failed' && typeof result?.error === 'string' ? result.error : null
  return {
    id,
    status,
    progress,
    error,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    request: input,
    report: status === 'done' && result ? asReport(result) : null,
  }
}

/** The same in a list: without the long series, however deep in the report. */
export function listedJobView(row: JobRow) {
  const view = jobView(row)
  return { ...view, report: view.report && asReport(withoutLongSeries({ ...view.report })) }
}

/** Of one kind or the other. */
type Report = z.input<typeof http.BacktestReport> & z.input<typeof http.SimulationReport>

/** Of which kind a stored report is, its row knows and the compiler does not; the answer is checked by the schema of its kind. */
function asReport(stored: Record<string, unknown>): Report {
  return stored as Report
}

function withoutLongSeries(report: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(report)
      .filter(([name]) => !longSeries.has(name))
      .map(([name, value]) => [name, isObject(value) ? withoutLongSeries(value) : value]),
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
