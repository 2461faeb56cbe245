import { setTimeout as delay } from 'node:timers/promises'

/** Time as an argument, so that tests neither sleep nor depend on the machine. */
export interface Timer {
  /** Wall clock, epoch ms UTC. */
  now(): number
  /** Never jumps; only differences mean something. ms */
  monotonic(): number
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const systemTimer: Timer = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    if (signal.aborted) return
    await delay(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  },
}
