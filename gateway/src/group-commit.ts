import { isOutage } from './persist.js'

export interface GroupCommitOptions<Item, Result> {
  /** Stores items together, all or none. Results in the order of the items. */
  readonly store: (items: readonly Item[]) => Promise<readonly Result[]>
  /** Takes the items of a group that the database has something against: one of them spoils it for the others. */
  readonly alone: (item: Item) => Promise<Result>
  /** Most items in one group. */
  readonly mostAtOnce: number
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result | Promise<Result>) => void
  readonly reject: (error: unknown) => void
}

/**
 * Commits together what comes together: while one group is on its way the next one gathers, so a candle of a thousand bots
 * costs a few commits, and what comes alone waits for nobody. Rejects with what `store` says of an outage, or `alone` of the
 * item.
 */
export function createGroupCommit<Item, Result>(options: GroupCommitOptions<Item, Result>) {
  const { store, alone, mostAtOnce } = options
  let gathering: Waiting<Item, Result>[] = []
  let busy = false

  async function commit(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await store(group.map(({ item }) => item))
      for (const [at, { resolve }] of group.entries()) resolve(results[at] as Result)
    } catch (error) {
      // Nobody waits for those who are on their own.
      if (isOutage(error)) for (const { reject } of group) reject(error)
      else for (const { item, resolve } of group) resolve(alone(item))
    }
  }

  async function run(): Promise<void> {
    busy = true
    // What arrived in the same turn of the event loop goes together.
    await new Promise(setImmediate)
    while (gathering.length > 0) {
      const group = gathering.slice(0, mostAtOnce)
      gathering = gathering.slice(mostAtOnce)
      await commit(group)
    }
    busy = false
  }

  return (item: Item): Promise<Result> =>
    new Promise((resolve, reject) => {
      gathering.push({ item, resolve, reject })
      if (!busy) void run()
    })
}
