interface Waiting<V> {
  readonly key: string
  resolve(value: V | undefined): void
  reject(error: unknown): void
}

/**
 * Turns many reads by key into few: whoever asks while the reads are under way shares the next one. Every answer was read
 * after it was asked for, so nobody gets an older one than alone.
 *
 * @param read finds what there is of up to `most` keys, each named once
 */
export function batchedReads<V>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  { atOnce = 2, most = 100 } = {},
): (key: string) => Promise<V | undefined> {
  const waiting: Waiting<V>[] = []
  let running = 0
  const next = () => {
    if (running >= atOnce || waiting.length === 0) return
    const batch = waiting.splice(0, most)
    running++
    read([...new Set(batch.map(({ key }) => key))])
      .then(
        (found) => {
          for (const { key, resolve } of batch) resolve(found.get(key))
        },
        (error: unknown) => {
          for (const { reject } of batch) reject(error)
        },
      )
      .finally(() => {
        running--
        next()
      })
    next()
  }
  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject })
      // At the end of this turn of the loop, so that requests which came together go together.
      if (waiting.length === 1) setImmediate(next)
    })
}
