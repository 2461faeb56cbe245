import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef } from 'react'
import { ApiError, placeErrors } from '../api/problem.js'
import { showFirstFault } from './first-fault.js'

/** The text fields of a form, by name. */
export type FormValues = Readonly<Record<string, string>>

/**
 * A form that sends its text fields once at a time. Errors of the API land at the fields named in `fields`; the rest is in
 * `others`. The first faulty field takes the focus.
 */
export function useForm(fields: readonly string[], send: (values: FormValues) => Promise<unknown>) {
  const form = useRef<HTMLFormElement>(null)
  const mutation = useMutation({ mutationFn: send })
  const { error } = mutation
  const placed = placeErrors(error instanceof ApiError ? error.errors : [], (path) => fields.includes(path))
  const isAllPlaced = Object.keys(placed.byField).length > 0 && placed.others.length === 0

  useEffect(() => {
    if (error) showFirstFault(form.current)
  }, [error])

  return {
    busy: mutation.isPending,
    done: mutation.isSuccess,
    /** For the whole form: undefined when each fault is shown at its field. */
    error: isAllPlaced ? undefined : error,
    errorAt: placed.byField,
    others: placed.others,
    formProps: {
      ref: form,
      onSubmit(event: FormEvent<HTMLFormElement>) {
        event.preventDefault()
        if (mutation.isPending) return
        const entries = [...new FormData(event.currentTarget)]
        mutation.mutate(Object.fromEntries(entries.flatMap(([k, v]) => (typeof v === 'string' ? [[k, v]] : []))))
      },
    },
  }
}
export type Form = ReturnType<typeof useForm>
