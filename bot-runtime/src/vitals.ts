import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { BotHeartbeat } from '@sath/contracts'

export type Vitals = Omit<BotHeartbeat, 'type' | 'progress'>

/** Every probe wakes the process: two a second cost an idle bot nearly nothing, and no freeze of half a second is missed. */
const probeMs = 500

/** Measures this process; each call covers the time since the last one. */
export function vitals(): () => Vitals {
  const delay = monitorEventLoopDelay({ resolution: probeMs })
  delay.enable()
  let cpu = process.cpuUsage()
  let since = performance.now()
  return () => {
    const used = process.cpuUsage(cpu)
    const now = performance.now()
    const elapsedMs = Math.max(1, now - since)
    const { rss, heapUsed } = process.memoryUsage()
    // Node records the whole time between two probes.
    const loopLagMs = Math.max(0, delay.max / 1e6 - probeMs)
    delay.reset()
    cpu = process.cpuUsage()
    since = now
    const cpuPercent = (used.user + used.system) / 10 / elapsedMs
    return { rssBytes: rss, heapUsedBytes: heapUsed, loopLagMs: tenths(loopLagMs), cpuPercent: tenths(cpuPercent) }
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
