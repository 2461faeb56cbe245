import { until } from '@sath/testkit'
import { docker } from './sath.js'

export interface Limits {
  readonly memoryMiB: number
  /** 1 = one core. */
  readonly cpu: number
}

/** The process of a container, on the host. */
export async function containerPid(id: string): Promise<number> {
  return (await docker().getContainer(id).inspect()).State.Pid
}

/** What Docker itself says that the container may use. */
export async function limitsOf(containerId: string): Promise<Limits> {
  const { HostConfig: host } = await docker().getContainer(containerId).inspect()
  const cpu = host.NanoCpus ? host.NanoCpus / 1e9 : (host.CpuQuota ?? 0) / (host.CpuPeriod || 100_000)
  return { memoryMiB: (host.Memory ?? 0) / 1_048_576, cpu }
}

export async function untilRemoved(containerId: string): Promise<void> {
  await until('the container is removed', () =>
    docker()
      .getContainer(containerId)
      .inspect()
      .then(
        () => false,
        (error: { statusCode: number }) => error.statusCode === 404,
      ),
  )
}

/** For bots that a test leaves running: a stop of Sath does not end them. */
export async function removeContainersOf(tenant: string): Promise<void> {
  const filters = { label: [`sath.tenant=${tenant}`] }
  for (const { Id } of await docker().listContainers({ all: true, filters }))
    await docker().getContainer(Id).remove({ force: true })
}
