import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { ApiError, type FieldError, placeErrors } from '../../api/problem.js'
import type { Job } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { hasField, showFirstFault } from '../../parts/first-fault.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import { FieldErrorsProvider } from '../setup/field-errors.js'
import { inWords } from '../setup/limit-words.js'
import type { JobPath } from './use-job.js'

interface JobFormProps {
  readonly path: JobPath
  /** Fields are named after the body of the call, under this word. */
  readonly root: string
  /** What is wrong before asking; paths are those of the body. */
  readonly errors: () => readonly FieldError[]
  /** Only called without errors. */
  readonly body: () => object
  /** What the sending button says. */
  readonly action: string
  readonly onAsked: (id: string) => void
  readonly children: ReactNode
}

/** A form that asks for a job. Faults of its own and of the API are shown at their fields. */
export function JobForm({ path, root, errors, body, action, onAsked, children }: JobFormProps) {
  const { client } = useApp()
  const queries = useQueryClient()
  const form = useRef<HTMLFormElement>(null)
  const [wrong, setWrong] = useState<readonly FieldError[]>([])
  const ask = useMutation({
    mutationFn: (what: object) => client.post<Job>(path, { body: what, once: true }),
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({ queryKey: [path] })
      onAsked(id)
    },
  })
  const refused = ask.error instanceof ApiError ? ask.error.errors : []
  const faults = wrong.length > 0 ? wrong : refused
  const placed = placeErrors(faults.map(inWords), (field) => hasField(form.current, `${root}.${field}`))
  const byField = Object.fromEntries(Object.entries(placed.byField).map(([at, text]) => [`${root}.${at}`, text]))
  const isMarked = Object.keys(byField).length > 0

  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal moves the focus once
  useEffect(() => {
    showFirstFault(form.current)
  }, [wrong, ask.error])

  return (
    <FieldErrorsProvider value={byField}>
      <form
        ref={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (ask.isPending) return
          const found = errors()
          setWrong(found)
          if (found.length === 0) ask.mutate(body())
        }}
      >
        {children}
        {wrong.length === 0 && !isMarked && <ErrorNotice error={ask.error} />}
        {placed.others.map((message) => (
          <Notice key={message} tone="bad">
            {message}
          </Notice>
        ))}
        <div className="form-actions">
          <Button look="primary" type="submit" busy={ask.isPending}>
            {action}
          </Button>
          {isMarked && <span className="field-error">Look at the marked fields.</span>}
        </div>
      </form>
    </FieldErrorsProvider>
  )
}
