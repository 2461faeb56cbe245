import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { botNodeFlags, type Clock } from '@sath/core'
import {
  type Container,
  type ContainerEngine,
  type ContainerFacts,
  containerName,
  EngineError,
  type EngineEvent,
  type LogEntry,
} from './container-engine.js'
import { type LineQueue, lineQueue } from './process-output.js'
import { watchGaps } from './watch-gaps.js'

export interface ProcessEngineOptions {
  readonly installationId: string
  readonly bundleFile: string
  /** Where the process ids of children are noted, so that the next start can end one that outlived us. */
  readonly stateDir: string
  readonly now: Clock
  /** Default: the Node that runs us. */
  readonly nodePath?: string
}

interface Held {
  container: Container
  facts: ContainerFacts
  readonly command: readonly string[]
  readonly output: LineQueue
  child?: ChildProcess
}

/**
 * The same bundle as child processes, for development without Docker. Node's permission model keeps them from files, other
 * programs and threads; on Node 20 it leaves the network open. They live no longer than we do: what holds them is a pipe,
 * and the kernel closes it when we die.
 */
export function processEngine(options: ProcessEngineOptions): ContainerEngine {
  const { installationId, bundleFile, stateDir, now, nodePath = process.execPath } = options
  const held = new Map<string, Held>()
  const listeners = new Set<(event: EngineEvent) => void>()
  const gaps = watchGaps(now)
  const bundle = realpathSync(bundleFile)
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  endLeftovers(stateDir)
  gaps.watching()

  const tell = ({ tenantId, runId }: Container, action: string) => {
    for (const listener of listeners) listener({ tenantId, runId, action })
  }
  const pidFile = (runId: string) => join(stateDir, runId)

  function update(one: Held, state: Container['state'], facts: Partial<ContainerFacts> = {}): void {
    one.container = { ...one.container, state }
    one.facts = { ...one.facts, state, ...facts }
  }

  function begin(one: Held): Promise<void> {
    const child = spawn(nodePath, one.command, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] })
    one.child = child
    one.output.attach(child)
    // Nothing is ever written to it; it only has to be there. A child that is gone must not break us.
    child.stdin?.on('error', () => {})
    child.once('exit', (code, signal) => {
      rmSync(pidFile(one.container.runId), { force: true })
      const exitCode = code ?? 128 + (signal === 'SIGKILL' ? 9 : signal === 'SIGABRT' ? 6 : 15)
      update(one, 'exited', { exitCode, finishedAt: now() })
      tell(one.container, 'die')
    })
    return new Promise((resolve, reject) => {
      child.once('error', (cause) =>
        reject(new EngineError('refused', `The bot could not be started: ${cause.message}`, cause)),
      )
      child.once('spawn', () => {
        writeFileSync(pidFile(one.container.runId), String(child.pid), { mode: 0o600 })
        update(one, 'running')
        tell(one.container, 'start')
        resolve()
      })
    })
  }

  return {
    kind: 'process',
    ensureImage: async () => bundle,
    removeOldImages: async () => [],
    list: async (tenantId) =>
      [...held.values()]
        .map((one) => one.container)
        .filter((one) => tenantId === undefined || one.tenantId === tenantId),
    async create(spec) {
      const name = containerName(installationId, spec.tenantId)
      if ([...held.values()].some((one) => one.container.name === name)) return { kind: 'name-taken' }
      const { tenantId, runId, epoch } = spec
      const id = randomUUID()
      held.set(id, {
        container: { id, name, tenantId, runId, epoch, state: 'created' },
        facts: { id, state: 'created', exitCode: undefined, oomKilled: false, finishedAt: undefined },
        command: childArguments(bundle, join(spec.socketDir, 'bot.sock'), spec.memoryMiB),
        output: lineQueue(now),
      })
      return { kind: 'created', id }
    },
    async start(id) {
      const one = held.get(id)
      if (!one) throw new EngineError('refused', `no such process: ${id}`)
      if (one.container.state === 'exited') throw new EngineError('refused', 'it has ended')
      if (one.container.state === 'created' && !one.child) await begin(one)
    },
    async resize(id) {
      if (!held.has(id)) throw new EngineError('refused', `no such process: ${id}`)
      // A process has no limits but that of its heap, which is in its command line.
      return false
    },
    async signal(id, signal) {
      held.get(id)?.child?.kill(signal)
    },
    async remove(id) {
      if (held.get(id)?.container.state === 'running') throw new EngineError('refused', 'it runs')
      held.delete(id)
    },
    inspect: async (id) => held.get(id)?.facts,
    faults: async () => [],
    async *logs(id, since, signal): AsyncGenerator<LogEntry> {
      const one = held.get(id)
      if (one) yield* one.output.read(since, signal)
    },
    events(onEvent) {
      listeners.add(onEvent)
      return () => listeners.delete(onEvent)
    },
    awayNoticeMs: 0,
    wasAway: gaps.wasAway,
    async close() {
      for (const { child } of held.values()) {
        if (!child || child.exitCode !== null || child.signalCode !== null) continue
        const gone = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        const late = setTimeout(() => child.kill('SIGKILL'), 3_000)
        await gone
        clearTimeout(late)
      }
    },
  }
}

/** A child's arguments: the socket's path is its only argument; it ends when its standard input does. */
export function childArguments(bundle: string, socketPath: string, memoryMiB: number): string[] {
  const [major = 20, minor = 0] = process.versions.node.split('.').map(Number)
  const permission = major > 23 || (major === 23 && minor >= 5) ? '--permission' : '--experimental-permission'
  // One flag for each path: a list in one flag is something else in each version of Node.
  const readable = [bundle, `${dirname(socketPath)}/*`].map((path) => `--allow-fs-read=${path}`)
  return [permission, ...readable, '--no-warnings', ...botNodeFlags(memoryMiB), bundle, socketPath, '--lifeline']
}

/** Children that a killed predecessor left: frozen ones do not notice that their pipe is closed. */
function endLeftovers(stateDir: string): void {
  for (const runId of readdirSync(stateDir)) {
    const file = join(stateDir, runId)
    const pid = Number(readFileSync(file, 'utf8'))
    // The id may be somebody else's by now: only a process that names this run is ours.
    if (pid > 1 && commandLine(pid).includes(runId)) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
    }
    rmSync(file, { force: true })
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
