import type { Account } from './account.js'
import type { Shelf } from './shelf.js'

/** Keeps a copy of all that an account holds. Calling the result puts it back, as often as one likes; ids are not given again. */
export function remember(account: Account): () => void {
  const parts = Object.values(account) as unknown[]
  const shelves = parts.filter(isShelf)
  const maps = parts.filter((part) => part instanceof Map)
  const sets = parts.filter((part) => part instanceof Set)
  // One copy of everything, so that what is the same object in two places stays the same.
  const kept = copied({
    rows: shelves.map((shelf) => shelf.all()),
    entries: maps.map((map) => [...map]),
    members: sets.map((set) => [...set]),
    declinesLeft: account.declinesLeft,
  })
  return () => {
    const { rows, entries, members, declinesLeft } = copied(kept)
    shelves.forEach((shelf, n) => {
      shelf.replace(rows[n] ?? [])
    })
    maps.forEach((map, n) => {
      map.clear()
      for (const [key, value] of entries[n] ?? []) map.set(key, value)
    })
    sets.forEach((set, n) => {
      set.clear()
      for (const member of members[n] ?? []) set.add(member)
    })
    account.declinesLeft = declinesLeft
  }
}

/** A copy down to the last plain object; what has a class, such as a decimal, never changes and is taken as it is. */
function copied<T>(value: T, known = new Map<unknown, unknown>()): T {
  if (!Array.isArray(value) && Object.getPrototypeOf(value ?? 0) !== Object.prototype) return value
  if (known.has(value)) return known.get(value) as T
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {}
  known.set(value, copy)
  for (const [key, each] of Object.entries(value as object))
    (copy as Record<string, unknown>)[key] = copied(each, known)
  return copy as T
}

function isShelf(part: unknown): part is Shelf<{ readonly id: string }> {
  return typeof part === 'object' && part !== null && 'replace' in part && 'all' in part
}
