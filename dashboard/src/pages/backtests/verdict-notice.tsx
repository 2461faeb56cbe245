import type { Verdict } from '../../api/reports.js'
import { sentenceCase } from '../../parts/format.js'
import { Notice } from '../../parts/notice.js'
import type { Tone } from '../../parts/tone.js'

const tones: Readonly<Record<Verdict['code'], Tone>> = {
  edge: 'good',
  'no-edge': 'info',
  worse: 'warning',
  'too-few': 'info',
}

/** Whether an edge is shown, in one sentence. */
export function VerdictNotice({ verdict }: { verdict: Verdict }) {
  return (
    <Notice tone={tones[verdict.code]}>
      <strong>{sentenceCase(verdict.sentence)}.</strong>
    </Notice>
  )
}
