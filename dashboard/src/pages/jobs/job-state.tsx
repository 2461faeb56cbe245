import type { Job, JobStatus } from '../../api/types.js'
import { Badge } from '../../parts/badge.js'
import { number, words } from '../../parts/format.js'
import type { Tone } from '../../parts/tone.js'

const tones: Readonly<Record<JobStatus, Tone | 'none'>> = {
  queued: 'info',
  running: 'info',
  done: 'good',
  failed: 'bad',
  cancelled: 'none',
}

/** A job's status in a word, and how far it is. */
export function JobState({ status, progress }: Job) {
  return (
    <span>
      <Badge tone={tones[status]}>{words(status)}</Badge>
      {status === 'running' && <span className="muted"> {number(progress * 100, 0)} %</span>}
    </span>
  )
}
