import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Job } from '../../api/types.js'
import { sentenceCase } from '../../parts/format.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Time } from '../../parts/time.js'
import { DeleteJob } from './delete-job.js'
import { JobProgress } from './job-progress.js'
import { isOpen, type JobPath, useJob } from './use-job.js'

interface JobPageProps<T extends Job> {
  readonly path: JobPath
  readonly id: string
  /** "back-test", "simulation" */
  readonly what: string
  readonly subject: (job: T) => string
  /** Nothing while there is no report. */
  readonly report: (job: T) => ReactNode
}

/** One job: on its way, or its report. */
export function JobPage<T extends Job>({ path, id, what, subject, report }: JobPageProps<T>) {
  const navigate = useNavigate()
  const query = useJob<T>(path, id)
  const job = query.data
  return (
    <Page
      title={sentenceCase(what)}
      actions={
        <>
          <Link to={path} className="button button-plain">
            All {what}s
          </Link>
          {job && !isOpen(job.status) && (
            <DeleteJob path={path} id={id} what={what} onDeleted={() => void navigate({ to: path })} />
          )}
        </>
      }
    >
      <Loaded query={query}>
        {(found) => (
          <>
            <Section title={subject(found)}>
              <p className="muted">
                Asked <Time at={found.createdAt} />
                {found.finishedAt && (
                  <>
                    , ended <Time at={found.finishedAt} />
                  </>
                )}
              </p>
              <JobProgress job={found} path={path} />
            </Section>
            {report(found)}
          </>
        )}
      </Loaded>
    </Page>
  )
}
