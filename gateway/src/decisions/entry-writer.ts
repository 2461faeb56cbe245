import { commitEntries, commitEntry, type Db, type Entry, type EntryResult, sendWithinSeconds } from '@sath/db'
import { createGroupCommit } from '../group-commit.js'
import { type PersistOptions, persist } from '../persist.js'
import { ensureDecisionDays } from './decision-writer.js'

export interface WrittenEntry {
  readonly result: EntryResult
  /** What entered must be sent before this, monotonic ms. */
  readonly sendBy: number
}

export interface EntryWriter {
  /**
   * Stores a decision to enter, with trade and order, or why not. At most one per slot may be under way.
   *
   * @throws what the database has against this very entry
   */
  write(entry: Entry): Promise<WrittenEntry>
}

/** Entries of many bots go together; those that would hold up or spoil the others go on their own. */
export function createEntryWriter(db: Db, insist: PersistOptions): EntryWriter {
  /** The row's own limit counts from the start of its transaction, so ours is taken before it, for each attempt anew. */
  async function timed<T>(entries: readonly Entry[], commit: () => Promise<T>) {
    let sendBy = 0
    const result = await persist(
      'an entry',
      async () => {
        await ensureDecisionDays(
          db,
          entries.map(({ decision }) => decision),
        )
        sendBy = performance.now() + sendWithinSeconds * 1_000
        return await commit()
      },
      insist,
    )
    return { result, sendBy }
  }

  const together = createGroupCommit<Entry, WrittenEntry | undefined>({
    async store(entries) {
      const { result, sendBy } = await timed(entries, () => commitEntries(db, entries))
      return result.map((each) => each && { result: each, sendBy })
    },
    alone: async () => undefined,
    mostAtOnce: 200,
  })

  return {
    async write(entry) {
      const { decision, wish } = entry
      return (await together(entry)) ?? (await timed([entry], () => commitEntry(db, decision, wish)))
    },
  }
}
