/** Lets work under one key be done one after the other, each after what was asked for before has ended, however it ended. */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** Within this process. */
export function createTurns(): InTurn {
  const lasts = new Map<string, Promise<void>>()
  return async (key, work) => {
    const mine = (lasts.get(key) ?? Promise.resolve()).then(work)
    const ended = mine.then(
      () => {},
      () => {},
    )
    lasts.set(key, ended)
    try {
      return await mine
    } finally {
      if (lasts.get(key) === ended) lasts.delete(key)
    }
  }
}
