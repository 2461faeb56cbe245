/** Lets many wait for "something changed" without polling. */
export interface Wake {
  /** Wakes everybody who waits now. */
  ring(): void
  /** Resolves at the next ring, or after `ms`. */
  next(ms?: number): Promise<void>
}

export function createWake(): Wake {
  let waiting = new Set<() => void>()
  return {
    ring() {
      const now = waiting
      waiting = new Set()
      for (const resolve of now) resolve()
    },
    next(ms) {
      return new Promise((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(done, ms)
        function done() {
          clearTimeout(timer)
          waiting.delete(done)
          resolve()
        }
        waiting.add(done)
      })
    },
  }
}
