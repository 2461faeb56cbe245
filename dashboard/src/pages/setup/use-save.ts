import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiError, type FieldError } from '../../api/problem.js'
import { configQuery } from '../../api/queries.js'
import type { SavedConfig, StrategyInfo } from '../../api/types.js'
import { useApp } from '../../app.js'
import { configOf, type Draft, draftErrors } from './draft.js'

/** Faults found before asking the server. */
class DraftError extends Error {
  override readonly name = 'DraftError'
  readonly errors: readonly FieldError[]
  constructor(errors: readonly FieldError[]) {
    super('invalid draft')
    this.errors = errors
  }
}

/** Saves a draft over `version`, telling conflicts and field errors apart from other failures. */
export function useSave(version: number, catalogue: readonly StrategyInfo[]) {
  const { client } = useApp()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: async (draft: Draft) => {
      const errors = draftErrors(draft)
      if (errors.length > 0) throw new DraftError(errors)
      return client.put<SavedConfig>('/bot/config', { body: { version, config: configOf(draft, catalogue) } })
    },
    onSuccess: (saved) => queries.setQueryData(configQuery(client).queryKey, saved),
  })
  const { error } = save
  const isConflict = error instanceof ApiError && error.code === 'version-conflict'
  const faults = error instanceof DraftError || error instanceof ApiError ? error.errors : []
  return {
    save,
    isConflict,
    faults,
    /** What stopped the save, when it is neither a conflict nor faults of fields. */
    failure: isConflict || faults.length > 0 ? undefined : error,
  }
}
