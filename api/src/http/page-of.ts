import { AppError } from '@sath/core'

/**
 * One page of a list that is here as a whole, in its own order. The cursor is how many came before: such lists are short and
 * hardly ever change.
 *
 * @throws AppError invalid-request (a cursor that is none)
 */
export function pageOf<T>(
  items: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): { items: T[]; nextCursor: string | null } {
  const start = cursor === undefined ? 0 : startOf(cursor)
  const end = start + limit
  return { items: items.slice(start, end), nextCursor: end < items.length ? cursorOf(end) : null }
}

function cursorOf(start: number): string {
  return Buffer.from(`after ${start}`).toString('base64url')
}

function startOf(cursor: string): number {
  const [, start] = /^after (\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (start === undefined)
    throw new AppError('invalid-request', 'The cursor is not one of ours.', {
      errors: [{ path: 'cursor', message: 'must be the nextCursor of an earlier answer' }],
    })
  return Number(start)
}
