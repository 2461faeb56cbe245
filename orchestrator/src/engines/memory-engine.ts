import { randomUUID } from 'node:crypto'
import type { ContainerLimits } from '@sath/db'
import {
  type Container,
  type ContainerEngine,
  type ContainerFacts,
  containerName,
  EngineError,
  type EngineEvent,
  type LogEntry,
} from './container-engine.js'

/** What goes wrong with a call: `before` its effect, or `after` it, so that it happened and nobody was told. */
export interface Fault {
  readonly when: 'before' | 'after'
  readonly error: Error
}

export type Verb =
  | 'ensureImage'
  | 'removeOldImages'
  | 'list'
  | 'create'
  | 'start'
  | 'resize'
  | 'signal'
  | 'remove'
  | 'inspect'
  | 'faults'

/** How the bots of a memory engine behave. Every one may be left out. */
export interface MemoryBots {
  /** What a SIGTERM does: the exit code, or nothing. Default: exits 0. */
  onTerm?(container: Container): number | undefined
  /** Lines that a bot prints when it starts. */
  says?(container: Container): readonly string[]
  /** Called when a container has begun to run. */
  onStart?(container: Container): void
}

interface Held {
  container: Container
  limits: ContainerLimits
  facts: ContainerFacts
  lines: LogEntry[]
  /** Who waits for its end. */
  onEnd: (() => void)[]
}

export interface MemoryEngine extends ContainerEngine {
  /** Every container, also those of other tenants; for assertions. */
  readonly all: readonly Container[]
  /** Calls made so far, in order. */
  readonly calls: { readonly verb: Verb; readonly id: string }[]
  /** The next call of this verb goes wrong so. */
  failNext(verb: Verb, fault: Fault): void
  /** From now on every call is unreachable, until told otherwise. */
  setDown(down: boolean): void
  /** Every call takes so long from now on. */
  setLatency(ms: number): void
  /** The container ends by itself. */
  exit(id: string, facts: { exitCode: number; oomKilled?: boolean }): void
  /** Somebody removes it by hand, whatever it does. */
  vanish(id: string): void
  /** Somebody starts it by hand. */
  startByHand(id: string): void
  /** Somebody makes one by hand. */
  appear(container: Omit<Container, 'id'>): string
  /** What the hardening check says of every container from now on. */
  setFaults(faults: readonly string[]): void
  /** Whether limits can be changed in a running container; at first they can. */
  setResizes(resizes: boolean): void
  /** Somebody removes the bot's image by hand. */
  loseImage(): void
  /** An event of this tenant is told though nothing happened. */
  ring(tenantId: string): void
  away: (at: number) => boolean
}

/** Containers as a Map: the engine of tests, with every way an engine can disappoint. */
export function memoryEngine(installationId: string, bots: MemoryBots = {}): MemoryEngine {
  const held = new Map<string, Held>()
  const listeners = new Set<(event: EngineEvent) => void>()
  const faults = new Map<Verb, Fault[]>()
  const calls: { verb: Verb; id: string }[] = []
  let down = false
  let latencyMs = 0
  let hardening: readonly string[] = []
  let resizes = true
  let imageLost = false
  let stamps = 0

  const tell = ({ tenantId, runId }: Omit<EngineEvent, 'action'>, action: string) => {
    for (const listener of listeners) listener({ tenantId, runId, action })
  }

  async function call<T>(verb: Verb, id: string, effect: () => T): Promise<T> {
    calls.push({ verb, id })
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs))
    if (down) throw new EngineError('unreachable', `${verb}: the engine is down`)
    const fault = faults.get(verb)?.shift()
    if (fault?.when === 'before') throw fault.error
    const answer = effect()
    if (fault?.when === 'after') throw fault.error
    return answer
  }

  function change(one: Held, state: Container['state'], facts: Partial<ContainerFacts> = {}): void {
    one.container = { ...one.container, state }
    one.facts = { ...one.facts, state, ...facts }
  }

  function put(container: Container, limits: ContainerLimits): void {
    const facts = {
      id: container.id,
      state: container.state,
      exitCode: undefined,
      oomKilled: false,
      finishedAt: undefined,
    }
    held.set(container.id, { container, limits, facts, lines: [], onEnd: [] })
    tell(container, 'create')
  }

  function begin(one: Held): void {
    change(one, 'running')
    for (const line of bots.says?.(one.container) ?? [])
      one.lines.push({ stream: 'stdout', at: stamp(stamps++), data: Buffer.from(`${line}\n`) })
    tell(one.container, 'start')
    bots.onStart?.(one.container)
  }

  function finish(one: Held, exitCode: number, oomKilled = false): void {
    change(one, 'exited', { exitCode, oomKilled, finishedAt: Date.now() })
    for (const told of one.onEnd.splice(0)) told()
    tell(one.container, 'die')
  }

  function find(id: string): Held {
    const one = held.get(id)
    if (!one) throw new EngineError('refused', `no such container: ${id}`)
    return one
  }

  const engine: MemoryEngine = {
    kind: 'memory',
    calls,
    away: () => false,
    get all() {
      return [...held.values()].map((one) => one.container)
    },
    failNext: (verb, fault) => faults.set(verb, [...(faults.get(verb) ?? []), fault]),
    setDown: (to) => {
      down = to
    },
    setLatency: (ms) => {
      latencyMs = ms
    },
    setFaults: (to) => {
      hardening = to
    },
    setResizes: (to) => {
      resizes = to
    },
    exit: (id, { exitCode, oomKilled }) => finish(find(id), exitCode, oomKilled),
    vanish(id) {
      const { container } = find(id)
      held.delete(id)
      tell(container, 'destroy')
    },
    startByHand: (id) => begin(find(id)),
    appear(container) {
      const id = randomUUID()
      put({ ...container, id }, { memoryMiB: 128, cpu: 0.25 })
      return id
    },
    loseImage: () => {
      imageLost = true
    },
    ring: (tenantId) => tell({ tenantId, runId: '' }, 'ring'),

    ensureImage: () =>
      call('ensureImage', '', () => {
        imageLost = false
        return 'memory-image'
      }),
    removeOldImages: () => call('removeOldImages', '', () => []),
    list: (tenantId) =>
      call('list', tenantId ?? '', () =>
        engine.all.filter((one) => tenantId === undefined || one.tenantId === tenantId),
      ),
    create: (spec) =>
      call('create', spec.tenantId, () => {
        if (imageLost) return { kind: 'no-image' as const }
        const name = containerName(installationId, spec.tenantId)
        if (engine.all.some((one) => one.name === name)) return { kind: 'name-taken' as const }
        const { tenantId, runId, epoch } = spec
        const id = randomUUID()
        const { memoryMiB, cpu } = spec
        put({ id, name, tenantId, runId, epoch, state: 'created' }, { memoryMiB, cpu })
        return { kind: 'created' as const, id }
      }),
    start: (id) =>
      call('start', id, () => {
        const one = find(id)
        if (one.container.state !== 'running') begin(one)
      }),
    resize: (id, limits) =>
      call('resize', id, () => {
        const one = find(id)
        if (resizes) one.limits = limits
        return resizes
      }),
    signal: (id, signal) =>
      call('signal', id, () => {
        const one = held.get(id)
        if (one?.container.state !== 'running') return
        const code = signal === 'SIGKILL' ? 137 : bots.onTerm ? bots.onTerm(one.container) : 0
        if (code !== undefined) finish(one, code)
      }),
    remove: (id) =>
      call('remove', id, () => {
        const one = held.get(id)
        if (!one) return
        if (one.container.state === 'running') throw new EngineError('refused', 'it runs')
        held.delete(id)
        tell(one.container, 'destroy')
      }),
    inspect: (id) => call('inspect', id, () => held.get(id)?.facts),
    faults: (id, spec) =>
      call('faults', id, () => {
        const { memoryMiB, cpu } = find(id).limits
        const may = [spec, ...(spec.raisingTo ? [spec.raisingTo] : [])]
        return [
          ...hardening,
          ...(may.some((limits) => limits.memoryMiB === memoryMiB) ? [] : ['Memory is the plan’s']),
          ...(may.some((limits) => limits.cpu === cpu) ? [] : ['NanoCpus is the plan’s']),
        ]
      }),
    async *logs(id, since, signal) {
      const one = held.get(id)
      for (const line of one?.lines ?? []) if (since === undefined || line.at >= since) yield line
      if (one?.container.state !== 'running' || signal.aborted) return
      await new Promise<void>((resolve) => {
        one.onEnd.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    },
    events(onEvent) {
      listeners.add(onEvent)
      return () => listeners.delete(onEvent)
    },
    awayNoticeMs: 0,
    wasAway: (at) => engine.away(at),
    async close() {
      listeners.clear()
    },
  }
  return engine
}

function stamp(n: number): string {
  return `2024-01-01T00:00:00.${String(n).padStart(9, '0')}Z`
}
