import { integer, object, type Params, text } from './parameters.js'
import { invalid } from './stripe-fault.js'

export const paging = { limit: integer, starting_after: text, ending_before: text }

/** Of the lists that can also be asked by time, epoch seconds. */
export const datedPaging = { ...paging, created: object({ gt: integer, gte: integer, lt: integer, lte: integer }) }

export interface Page<T> {
  readonly object: 'list'
  readonly url: string
  readonly has_more: boolean
  readonly data: readonly T[]
}

/**
 * One page of a list, newest first. Limit 1…100, default 10.
 *
 * @param oldestFirst every row that matches
 */
export function page<T extends { readonly id: string }>(
  url: string,
  oldestFirst: readonly T[],
  { limit = 10, starting_after, ending_before }: Params<typeof paging>,
): Page<T> {
  if (limit < 1 || limit > 100) throw invalid('This value must be between 1 and 100.', { param: 'limit' })
  const rows = oldestFirst.toReversed()
  if (ending_before !== undefined) {
    const before = rows.slice(0, indexOf(rows, ending_before, 'ending_before'))
    return { object: 'list', url, has_more: before.length > limit, data: before.slice(-limit) }
  }
  const after = starting_after === undefined ? rows : rows.slice(indexOf(rows, starting_after, 'starting_after') + 1)
  return { object: 'list', url, has_more: after.length > limit, data: after.slice(0, limit) }
}

/** A list inside of an object, complete. */
export function whole<T>(url: string, data: T[]): { object: 'list'; url: string; has_more: boolean; data: T[] } {
  return { object: 'list', url, has_more: false, data }
}

/** A page of the rows made within the range asked for. */
export function datedPage<T extends { readonly id: string; readonly created: number }>(
  url: string,
  oldestFirst: readonly T[],
  params: Params<typeof datedPaging>,
): Page<T> {
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = params.created ?? {}
  const within = oldestFirst.filter(({ created }) => created > gt && created >= gte && created < lt && created <= lte)
  return page(url, within, params)
}

function indexOf(rows: readonly { readonly id: string }[], id: string, param: string): number {
  const index = rows.findIndex((row) => row.id === id)
  if (index < 0) throw invalid(`No such object: '${id}'`, { code: 'resource_missing', param })
  return index
}
