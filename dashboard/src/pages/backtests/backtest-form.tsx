import { useState } from 'react'
import { JobForm } from '../jobs/job-form.js'
import type { Lists } from '../setup/lists.js'
import { type BacktestDraft, backtestBody, backtestErrors } from './backtest-draft.js'
import { BacktestSubject } from './backtest-subject.js'
import { TermFields } from './term-fields.js'

interface BacktestFormProps {
  readonly first: BacktestDraft
  readonly lists: Lists
  readonly onAsked: (id: string) => void
}

const root = 'backtest'

export function BacktestForm({ first, lists, onAsked }: BacktestFormProps) {
  const [draft, setDraft] = useState(first)
  const change = (next: Partial<BacktestDraft>) => setDraft((kept) => ({ ...kept, ...next }))
  return (
    <JobForm
      path="/backtests"
      root={root}
      errors={() => backtestErrors(draft)}
      body={() => backtestBody(draft, lists.strategies)}
      action="Run the back-test"
      onAsked={onAsked}
    >
      <BacktestSubject path={root} draft={draft} lists={lists} onChange={change} />
      <TermFields path={root} draft={draft} plan={lists.plan} onChange={change} />
    </JobForm>
  )
}
