import { setMaxListeners } from 'node:events'
import type { Readable } from 'node:stream'
import Docker from 'dockerode'
import { botImage, buildContext, imageLabels, isBuiltFrom } from './bot-image.js'
import {
  type Container,
  type ContainerEngine,
  type ContainerFacts,
  type Created,
  EngineError,
} from './container-engine.js'
import { attempt, statusOf } from './docker-attempt.js'
import { watchEvents } from './docker-events.js'
import { readFrames } from './docker-frames.js'
import { dockerOptions, type EngineTraits, limitOptions } from './docker-options.js'
import { asInspected, hardeningFaults } from './hardening-faults.js'
import { labels, readLabels } from './labels.js'
import { awaySlackMs } from './watch-gaps.js'

export interface DockerEngineOptions {
  /** As in DOCKER_HOST: unix:///path or tcp://host:port. Absent: Docker's own default. */
  readonly host: string | undefined
  readonly installationId: string
  /** The bot in one file. */
  readonly bundleFile: string
  /** Default 20 000. */
  readonly timeoutMs?: number
  /** For the first answer; default `timeoutMs`. */
  readonly infoMs?: number
}

/** A build that has not ended by then is given up. */
const buildMs = 300_000

/**
 * Docker as the engine. Asks it once whether it is there.
 *
 * @throws EngineError unreachable
 */
export async function dockerEngine(options: DockerEngineOptions): Promise<ContainerEngine> {
  const { installationId, timeoutMs = 20_000 } = options
  const docker = new Docker(options.host ? connection(options.host) : {})
  const call = <T>(what: string, run: (abortSignal: AbortSignal) => Promise<T>) => attempt(what, timeoutMs, run)
  const info = (await attempt('info', options.infoMs ?? timeoutMs, () => docker.info())) as { CgroupVersion?: string }
  const traits: EngineTraits = { cgroupV2: info.CgroupVersion === '2' }
  const rules = { installationId, ...traits }
  const ours = [`${labels.installation}=${installationId}`]
  const watch = watchEvents(docker, ours)
  let image: Promise<string> | undefined

  async function makeImage(onProgress: (line: string) => void): Promise<string> {
    const made = await botImage(options.bundleFile)
    const find = async () => {
      const found = await call('image inspect', () => docker.getImage(made.tag).inspect()).catch(unlessMissing)
      return found && isBuiltFrom(made, found.Config.Labels) ? found.Id : undefined
    }
    const there = await find()
    if (there) return there
    onProgress('Building the bot image from the local Node (once for each version of the bot)')
    const said = await attempt('image build', buildMs, async (signal) => {
      const answer = await docker.buildImage(buildContext(made, installationId) as NodeJS.ReadableStream, {
        t: made.tag,
        abortSignal: signal,
      })
      return lastWords(answer as Readable, onProgress)
    })
    // A build that says nothing bad has not therefore succeeded: an in-band error or a cut line ends the stream just so.
    const built = await find()
    if (!built) throw new EngineError('refused', `The bot image was not built: ${said}`)
    onProgress(`The bot image ${made.tag} is ready`)
    return built
  }

  return {
    kind: 'docker',
    ensureImage(onProgress) {
      image ??= makeImage(onProgress).catch((error) => {
        image = undefined
        throw error
      })
      return image
    },

    async removeOldImages() {
      const current = await image
      if (current === undefined) return []
      const { Created: at } = await call('image inspect', () => docker.getImage(current).inspect())
      const label = [`${imageLabels.maker}=${installationId}`]
      const found = await call('images', (abortSignal) =>
        docker.listImages({ filters: { label }, abortSignal } as Docker.ListImagesOptions),
      )
      const removed: string[] = []
      // What is newer is another orchestrator's, which has the next version of Sath.
      for (const { Id } of found.filter(({ Created: second }) => second < Math.floor(Date.parse(at) / 1_000))) {
        const taken = await call('image remove', () => docker.getImage(Id).remove()).then(() => true, unlessKept)
        if (taken) removed.push(Id)
      }
      return removed
    },

    async list(tenantId): Promise<readonly Container[]> {
      const label = tenantId === undefined ? ours : [...ours, `${labels.tenant}=${tenantId}`]
      const found = await call('list', (abortSignal) =>
        docker.listContainers({ all: true, filters: { label }, abortSignal }),
      )
      return found.flatMap((one) => {
        const identity = readLabels(one.Labels)
        return identity
          ? [{ id: one.Id, name: (one.Names[0] ?? '').slice(1), ...identity, state: stateOf(one.State) }]
          : []
      })
    },

    async create(spec): Promise<Created> {
      const wanted = dockerOptions(installationId, spec, traits)
      const wrong = hardeningFaults(asInspected(wanted), spec, rules)
      if (wrong.length > 0) throw new EngineError('refused', `The options are not hardened: ${wrong.join('; ')}`)
      try {
        const { id } = await call('create', (abortSignal) => docker.createContainer({ ...wanted, abortSignal }))
        return { kind: 'created', id }
      } catch (error) {
        const status = statusOf(error)
        if (status === 409) return { kind: 'name-taken' }
        if (status !== 404) throw error
        image = undefined
        return { kind: 'no-image' }
      }
    },

    async start(id) {
      await call('start', (abortSignal) => docker.getContainer(id).start({ abortSignal })).catch(unless(304))
    },

    async resize(id, limits) {
      try {
        await call('update', (abortSignal) =>
          docker.getContainer(id).update({ ...limitOptions(limits), abortSignal } as object),
        )
        return true
      } catch (error) {
        // Docker answers 500, too, for what its kernel cannot do.
        const status = statusOf(error)
        if (status === undefined || status === 404) throw error
        return false
      }
    },

    async signal(id, signal) {
      const container = docker.getContainer(id)
      const send = () => call('kill', (abortSignal) => container.kill({ signal, abortSignal }))
      try {
        await send()
      } catch (error) {
        const status = statusOf(error)
        if (status === 404) return
        const state = (await call('inspect', () => container.inspect()).catch(unlessMissing))?.State
        if (!state?.Running) return
        // What somebody has paused hears no signal.
        if (!state.Paused) throw error
        await call('unpause', () => container.unpause())
        await send()
      }
    },

    async remove(id) {
      await call('remove', (abortSignal) =>
        docker.getContainer(id).remove({ v: true, abortSignal } as Docker.ContainerRemoveOptions),
      ).catch((error) => {
        const gone = statusOf(error) === 404 || /already in progress/.test(String(error))
        if (!gone) throw error
      })
    },

    async inspect(id): Promise<ContainerFacts | undefined> {
      const found = await call('inspect', (abortSignal) => docker.getContainer(id).inspect({ abortSignal })).catch(
        unlessMissing,
      )
      if (!found) return undefined
      const state = stateOf(found.State.Status)
      const finishedAt = Date.parse(found.State.FinishedAt)
      return {
        id: found.Id,
        state,
        exitCode: state === 'exited' ? found.State.ExitCode : undefined,
        oomKilled: found.State.OOMKilled,
        finishedAt: finishedAt > 0 ? finishedAt : undefined,
      }
    },

    async faults(id, spec) {
      const found = await call('inspect', (abortSignal) => docker.getContainer(id).inspect({ abortSignal }))
      return hardeningFaults(
        { ...found, Config: { ...found.Config }, HostConfig: { ...found.HostConfig } },
        spec,
        rules,
      )
    },

    async *logs(id, since, signal) {
      setMaxListeners(0, signal)
      const answer = await docker
        .getContainer(id)
        .logs({
          follow: true,
          stdout: true,
          stderr: true,
          timestamps: true,
          ...(since ? { since: epochSeconds(since) } : {}),
          abortSignal: signal,
        } as Docker.ContainerLogsOptions & { follow: true })
        .catch((cause: unknown) => {
          throw new EngineError('unreachable', `logs: ${String(cause)}`, cause)
        })
      yield* readFrames(answer as Readable)
    },

    events: watch.listen,
    awayNoticeMs: awaySlackMs,
    wasAway: watch.wasAway,

    async close() {
      watch.close()
    },
  }
}

function connection(host: string): Docker.DockerOptions {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) }
  const { hostname, port, protocol } = new URL(host)
  return { host: hostname, port: port || 2375, protocol: protocol === 'https:' ? 'https' : 'http' }
}

function stateOf(status: string): Container['state'] {
  if (status === 'created') return 'created'
  return status === 'running' || status === 'paused' || status === 'restarting' ? 'running' : 'exited'
}

const unless =
  (status: number) =>
  (error: unknown): undefined => {
    if (statusOf(error) !== status) throw error
  }
const unlessMissing = unless(404)
/** Docker keeps an image that a container has, or that somebody has named besides; one that is gone needs no removing. */
const unlessKept = (error: unknown): undefined => {
  const status = statusOf(error)
  if (status !== 404 && status !== 409) throw error
}

/** Docker takes seconds with a fraction; a float would lose the nanoseconds. */
export function epochSeconds(at: string): string {
  const fraction = /\.(\d+)Z$/.exec(at)?.[1] ?? '0'
  return `${Math.floor(Date.parse(at) / 1000)}.${fraction.padEnd(9, '0')}`
}

/** Reads a build's progress to its end, tells of it, and answers its last line or error. */
async function lastWords(stream: Readable, onProgress: (line: string) => void): Promise<string> {
  let rest = ''
  let last = ''
  for await (const chunk of stream) {
    rest += String(chunk)
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const { stream: text = '', error = '' } = JSON.parse(line || '{}') as { stream?: string; error?: string }
      const words = (error || text).trim()
      if (words) last = words
      const [, step, of] = /^Step (\d+)\/(\d+)/.exec(words) ?? []
      if (step) onProgress(`Building the bot image: step ${step} of ${of}`)
    }
  }
  return last
}
