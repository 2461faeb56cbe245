import { useQueryClient } from '@tanstack/react-query'
import { useApp } from '../../app.js'
import { Confirm } from '../../parts/confirm.js'
import type { JobPath } from './use-job.js'

interface DeleteJobProps {
  readonly path: JobPath
  readonly id: string
  /** "back-test", "simulation" */
  readonly what: string
  readonly onDeleted: () => void
}

/** Takes an ended job away with its report. */
export function DeleteJob({ path, id, what, onDeleted }: DeleteJobProps) {
  const { client } = useApp()
  const queries = useQueryClient()
  const remove = async () => {
    await client.delete(`${path}/${id}`)
    onDeleted()
    queries.removeQueries({ queryKey: [path, id] })
    await queries.invalidateQueries({ queryKey: [path] })
  }
  return (
    <Confirm
      trigger={{ look: 'danger', children: 'Delete' }}
      title={`Delete this ${what}?`}
      action="Delete it"
      onConfirm={remove}
    >
      Its report is erased. Run it again to get another.
    </Confirm>
  )
}
