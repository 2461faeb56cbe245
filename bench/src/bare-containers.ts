import type { Readable } from 'node:stream'
import type { Teardown } from '@sath/testkit'
import type Docker from 'dockerode'

/** What a bare container is made of. */
export interface BareSpec {
  readonly image: string
  /** Mounted where a bot finds its socket. */
  readonly socketDir: string
}

/** Containers without Sath around them: the same options, made by dockerode alone. */
export interface BareContainers {
  /** Create, start, first output; the ms that took. */
  start(spec: BareSpec): Promise<number>
  removeAll(): Promise<void>
  /** Ids of those that are there. */
  readonly ids: readonly string[]
}

const label = 'sath.bench'

/** @param model a running bot of Sath: its HostConfig, command, user and environment are taken over as inspect tells them */
export function bareContainers(t: Teardown, docker: Docker, model: Docker.ContainerInspectInfo): BareContainers {
  const ids = new Set<string>()

  async function start(spec: BareSpec): Promise<number> {
    const began = performance.now()
    const container = await docker.createContainer(bareOptions(model, spec))
    ids.add(container.id)
    const output = (await container.attach({ stream: true, stdout: true, stderr: true })) as unknown as Readable
    const firstLine = new Promise((resolve, reject) => {
      output.once('data', resolve)
      output.once('end', () => reject(new Error('a bare container ended without a word')))
      output.once('error', reject)
    })
    await Promise.all([container.start(), firstLine])
    const took = performance.now() - began
    output.resume()
    return took
  }

  async function removeAll(): Promise<void> {
    await Promise.all(
      [...ids].map(async (id) => {
        await docker.getContainer(id).remove({ force: true, v: true })
        ids.delete(id)
      }),
    )
  }
  t.teardown(removeAll)

  return {
    start,
    removeAll,
    get ids() {
      return [...ids]
    },
  }
}

export function bareOptions(
  { Config, HostConfig }: Docker.ContainerInspectInfo,
  { image, socketDir }: BareSpec,
): Docker.ContainerCreateOptions {
  const { Cmd, User, Env, WorkingDir, Hostname } = Config
  return {
    Image: image,
    Cmd,
    User,
    Env,
    WorkingDir,
    Hostname,
    Labels: { [label]: 'bare' },
    HostConfig: { ...HostConfig, Mounts: (HostConfig.Mounts ?? []).map((mount) => ({ ...mount, Source: socketDir })) },
  }
}
