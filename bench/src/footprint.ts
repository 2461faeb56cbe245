import { setTimeout as delay } from 'node:timers/promises'
import type Docker from 'dockerode'
import { absolute, type Figure } from './figure.js'
import { cpuMs, parentOf, pssBytes, withDescendants } from './processes.js'
import { median } from './samples.js'

export interface Crowd {
  readonly ids: readonly string[]
  /** What the host had less of when all had been started, bytes. */
  readonly takenBytes: number
}

/** What idle containers cost the host. Both crowds are there at the same time and measured over the same seconds. */
export async function footprint(
  docker: Docker,
  { ours, bare, idleSeconds }: { readonly ours: Crowd; readonly bare: Crowd; readonly idleSeconds: number },
): Promise<Figure[]> {
  const [oursPids, barePids] = await Promise.all([processesOf(docker, ours.ids), processesOf(docker, bare.ids)])
  const before = { ours: oursPids.map(cpuOf), bare: barePids.map(cpuOf) }
  const began = performance.now()
  await delay(idleSeconds * 1_000)
  const seconds = (performance.now() - began) / 1_000
  const used = (pids: readonly number[][], from: readonly number[]) =>
    pids.map((group, n) => (cpuOf(group) - (from[n] ?? 0)) / seconds / 10)
  const cpu = { ours: used(oursPids, before.ours), bare: used(barePids, before.bare) }
  const memory = { ours: oursPids.map(megabytesOf), bare: barePids.map(megabytesOf) }
  const count = ours.ids.length
  return [
    absolute({
      name: `memory per bot, ${count} running`,
      unit: 'MB',
      ours: mean(memory.ours),
      bare: mean(memory.bare),
      bound: { atMost: 20 },
      how: "sum of Pss in /proc/<pid>/smaps_rollup over the container's processes and its containerd-shim, mean over all; bare: a client with the package ws in the same kind of image with the same HostConfig; 1 MB = 10^6 bytes",
      samples: memory,
    }),
    absolute({
      name: 'the same by MemAvailable',
      unit: 'MB',
      ours: ours.takenBytes / count / 1e6,
      bare: bare.takenBytes / bare.ids.length / 1e6,
      bound: { atMost: 20 },
      how: 'by how much MemAvailable of the host fell while all were started, divided by their number: with what dockerd, containerd, the kernel and, for ours, our own programs take for them. Whatever else the machine does at that time falsifies it',
    }),
    {
      name: `idle CPU per bot, ${count} running`,
      unit: '% of a core',
      ours: mean(cpu.ours),
      bare: mean(cpu.bare),
      how: `utime + stime of the container's processes and its containerd-shim over ${idleSeconds} s with the candle of every minute and a heartbeat every 5 s, mean over all; together ours take ${sum(cpu.ours).toFixed(1)} % of one core, the median bot ${median(cpu.ours).toFixed(2)} %`,
      samples: cpu,
    },
  ]
}

/** For each container its shim and everything below. */
async function processesOf(docker: Docker, ids: readonly string[]): Promise<number[][]> {
  return await Promise.all(
    ids.map(async (id) => {
      const { State } = await docker.getContainer(id).inspect()
      return withDescendants(parentOf(State.Pid))
    }),
  )
}

const cpuOf = (pids: readonly number[]) => sum(pids.map(cpuMs))
const megabytesOf = (pids: readonly number[]) => sum(pids.map(pssBytes)) / 1e6
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]) => sum(values) / values.length
