import type { Clock } from '@sath/core'

/** How long an answer of the database is believed. What ends access in this process is seen at once. */
const believeMs = 2_000
const most = 10_000

interface Entry<Answer> {
  /** Epoch ms; from then on the database is asked again. */
  until: number
  /** Whose it was when last answered; undefined: not answered yet, or nobody's. */
  userId: string | undefined
  answer: Promise<Answer | undefined>
}

/** Answers about somebody's access, each believed for a while. Those given longest ago go first when there are too many. */
export function believed<Answer extends { readonly userId: string }>(now: Clock) {
  const entries = new Map<string, Entry<Answer>>()
  return {
    /**
     * @param ask asks the database; `wasKnown`: the last answer named somebody
     * @returns undefined: nobody has access by this
     */
    get(key: string, ask: (wasKnown: boolean) => Promise<Answer | undefined>): Promise<Answer | undefined> {
      const last = entries.get(key)
      if (last && last.until > now()) return last.answer
      const userId = last?.userId
      const entry: Entry<Answer> = { until: now() + believeMs, userId, answer: ask(userId !== undefined) }
      entry.answer.then(
        (answer) => {
          entry.userId = answer?.userId
        },
        () => {
          entry.until = 0
        },
      )
      entries.delete(key)
      entries.set(key, entry)
      for (const oldest of entries.keys()) {
        if (entries.size <= most) break
        entries.delete(oldest)
      }
      return entry.answer
    },
    /** Something about this user's access has changed: ask again. */
    forget(userId: string): void {
      for (const [key, entry] of entries) if (entry.userId === userId || entry.userId === undefined) entries.delete(key)
    },
  }
}
