import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Job } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { number } from '../../parts/format.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import type { JobPath } from './use-job.js'

/** How far a job is, with a way to cancel it, or why it has no report. Nothing for one that is done. */
export function JobProgress({ job, path }: { job: Job; path: JobPath }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const [cancelling, setCancelling] = useState(false)
  const [error, setError] = useState<unknown>()
  const { id, status, progress } = job
  if (status === 'done') return null
  if (status === 'failed')
    return (
      <Notice tone="bad" title="It failed.">
        {job.error}
      </Notice>
    )
  if (status === 'cancelled') return <Notice tone="info" title="It was cancelled." />

  const cancel = async () => {
    setCancelling(true)
    setError(undefined)
    await client.delete(`${path}/${id}`).catch(setError)
    await queries.invalidateQueries({ queryKey: [path] })
    setCancelling(false)
  }
  const words = status === 'queued' ? 'Waiting for its turn' : `${number(progress * 100, 0)} % done`
  return (
    <div className="stack">
      <p>{words}</p>
      <progress aria-label="Progress" {...(status === 'running' && { value: progress })} />
      <ErrorNotice error={error} />
      <div className="actions">
        <Button look="danger" busy={cancelling} onClick={cancel}>
          Cancel
        </Button>
      </div>
    </div>
  )
}
