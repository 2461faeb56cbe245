import type { Teardown } from '@sath/testkit'
import Docker from 'dockerode'

/** @param host as in DOCKER_HOST; undefined: Docker's own default */
export function dockerAt(host: string | undefined): Docker {
  if (!host) return new Docker()
  if (host.startsWith('unix://')) return new Docker({ socketPath: host.slice('unix://'.length) })
  const { hostname, port } = new URL(host)
  return new Docker({ host: hostname, port: port || 2375 })
}

/** The containers of one installation of Sath. Whatever is left of them goes with the bench. */
export function botContainers(t: Teardown, docker: Docker, installationId: string) {
  const list = () => docker.listContainers({ all: true, filters: { label: [`sath.installation=${installationId}`] } })
  t.teardown(async () => {
    for (const { Id } of await list()) await docker.getContainer(Id).remove({ force: true, v: true })
  })
  return {
    ids: async () => (await list()).map(({ Id }) => Id),
    count: async () => (await list()).length,
  }
}
