import type { BotHeartbeat } from '@sath/contracts'

export type Vitals = Omit<BotHeartbeat, 'type' | 'progress'>

/** Every probe wakes the process: two a second cost an idle bot nearly nothing, and no freeze of half a second is missed. */
const probeMs = 500

/**
 * Measures this process; each call covers the time since the last one. The lag is that of the latest probe of all, also of
 * one that is overdue now: perf_hooks' histogram loses it when it is read before it ran, and is blind after each reset.
 */
export function vitals(): () => Vitals {
  let cpu = process.cpuUsage()
  let since = performance.now()
  let lastProbe = since
  let worstMs = 0
  const probe = () => {
    const now = performance.now()
    worstMs = Math.max(worstMs, now - lastProbe - probeMs)
    lastProbe = now
  }
  setInterval(probe, probeMs).unref()

  return () => {
    const used = process.cpuUsage(cpu)
    const now = performance.now()
    const cpuPercent = (used.user + used.system) / 10 / Math.max(1, now - since)
    const loopLagMs = Math.max(worstMs, now - lastProbe - probeMs)
    const { rss, heapUsed } = process.memoryUsage()
    cpu = process.cpuUsage()
    since = now
    worstMs = 0
    return { rssBytes: rss, heapUsedBytes: heapUsed, loopLagMs: tenths(loopLagMs), cpuPercent: tenths(cpuPercent) }
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
