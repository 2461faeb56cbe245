import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Clock ticks a second in /proc: the same on every Linux of the last decades (sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100

/** Proportional set size in bytes: shared pages count by the share of each process. @throws Error where /proc does not tell */
export function pssBytes(pid: number): number {
  const found = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
  if (!found) throw new Error(`/proc/${pid}/smaps_rollup tells no Pss`)
  return Number(found[1]) * 1024
}

/** User and system time so far, ms. */
export function cpuMs(pid: number): number {
  const fields = stat(pid)
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
}

export function parentOf(pid: number): number {
  return Number(stat(pid)[1])
}

/** The process and all below it. */
export function withDescendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(withDescendants)]
}

/** What programs could still take without swapping, bytes; read once what has begun or ended shortly before has had its time. */
export async function settledAvailableBytes(): Promise<number> {
  await delay(5_000)
  const found = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))
  return Number(found?.[1] ?? Number.NaN) * 1024
}

/** Fields from the third on, which is the state: the second, the name, may hold spaces and parentheses. */
function stat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}
