import type { Condition } from '@sath/db'
import type { Note } from './plan/situation.js'

/** What people should know of a bot now. A condition that was there before keeps the time at which it began. */
export function conditions(before: readonly Condition[], notes: readonly Note[], now: number): Condition[] {
  const byType = new Map(notes.map((note) => [note.type, note]))
  return [...byType.values()].map((note) => ({
    ...note,
    since: before.find((one) => one.type === note.type)?.since ?? new Date(now).toISOString(),
  }))
}
