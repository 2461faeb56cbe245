import { missing } from './stripe-fault.js'

/** All objects of one kind, oldest first. */
export interface Shelf<T> {
  add(row: T): T
  find(id: string): T | undefined
  /** @throws StripeFault `resource_missing`; `param` is the parameter that named it */
  get(id: string, param?: string): T
  all(): readonly T[]
  remove(id: string): void
  /** Holds these instead of all it held. */
  replace(rows: readonly T[]): void
}

/** `noun` is what Stripe calls the object in `No such …`. */
export function shelf<T extends { readonly id: string }>(noun: string): Shelf<T> {
  const rows = new Map<string, T>()
  return {
    add(row) {
      rows.set(row.id, row)
      return row
    },
    find: (id) => rows.get(id),
    get(id, param = 'id') {
      const row = rows.get(id)
      if (!row) throw missing(noun, id, param)
      return row
    },
    all: () => [...rows.values()],
    remove: (id) => {
      rows.delete(id)
    },
    replace(others) {
      rows.clear()
      for (const row of others) rows.set(row.id, row)
    },
  }
}
