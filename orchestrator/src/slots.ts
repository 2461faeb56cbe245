/** So many starts at once; who finds none free is called when one is. */
export function slots(count: number, onFree: (key: string) => void) {
  const holders = new Set<string>()
  const waiting = new Set<string>()
  return {
    /** Whether this key holds a slot now; otherwise it stands in line. */
    take(key: string): boolean {
      if (holders.has(key)) return true
      if (holders.size >= count) {
        waiting.add(key)
        return false
      }
      holders.add(key)
      return true
    },
    /** Gives the slot back, if this key has one. */
    free(key: string): void {
      if (!holders.delete(key)) return
      const [next] = waiting
      if (next === undefined) return
      waiting.delete(next)
      onFree(next)
    },
  }
}

export type Slots = ReturnType<typeof slots>
