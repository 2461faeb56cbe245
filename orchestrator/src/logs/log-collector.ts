import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Bus } from '@sath/bus'
import type { Clock } from '@sath/core'
import type { Logger } from 'pino'
import type { Container, ContainerEngine } from '../engines/container-engine.js'
import { appendLines, readCursor } from './log-files.js'
import { followOutput } from './log-follower.js'
import type { LogLine } from './log-line.js'

export interface LogCollector {
  /** Collects a container's output from where it was left. Following twice is following once. */
  follow(container: Container): void
  /** Waits until a container's output was read to its end, but not for ever: it can be removed after that. */
  finish(container: Container): Promise<void>
  /** Ends whatever is collected of a tenant; for one that is leaving. */
  close(tenantId: string): Promise<void>
  closeAll(): Promise<void>
  /** The last write found no room. */
  readonly diskFull: boolean
  /** Finds out whether there is room again, where there was none. */
  probe(): Promise<void>
}

export interface LogCollectorOptions {
  readonly engine: ContainerEngine
  readonly tenantsDir: string
  readonly bus: Bus
  readonly log: Logger
  readonly now: Clock
  /** Default 5 000. */
  readonly finishMs?: number
}

interface Followed {
  readonly container: Container
  readonly abort: AbortController
  readonly done: Promise<void>
}

const retryMs = 1_000

export function logCollector(options: LogCollectorOptions): LogCollector {
  const { engine, tenantsDir, bus, log, now, finishMs = 5_000 } = options
  const followed = new Map<string, Followed>()
  let diskFull = false

  /** Live first: it needs no room. A disk that is full loses lines, and nothing else. */
  async function store(tenantId: string, lines: readonly LogLine[]): Promise<void> {
    for (const { run: _run, at: _at, ...line } of lines) bus.publish(`logs:${tenantId}`, line)
    try {
      await appendLines(tenantsDir, tenantId, lines)
      diskFull = false
    } catch (error) {
      const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
      if (!full || !diskFull) log.error({ err: error, tenantId, lines: lines.length }, 'log lines lost')
      diskFull ||= full
    }
  }

  async function collect(container: Container, signal: AbortSignal): Promise<void> {
    const { tenantId, runId } = container
    while (!signal.aborted) {
      try {
        const cursor = await readCursor(tenantsDir, tenantId, runId)
        await followOutput({ engine, container, now, signal, cursor, store: (lines) => store(tenantId, lines) })
        if ((await engine.inspect(container.id))?.state !== 'running') return
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error, tenantId, runId }, 'log reading broke off')
      }
      await delay(retryMs, undefined, { signal }).catch(() => {})
    }
  }

  function start(container: Container): Followed {
    const abort = new AbortController()
    const one = { container, abort, done: collect(container, abort.signal) }
    followed.set(container.id, one)
    return one
  }

  async function end(one: Followed): Promise<void> {
    one.abort.abort()
    await one.done
    followed.delete(one.container.id)
  }

  return {
    follow(container) {
      if (!followed.has(container.id)) start(container)
    },
    async finish(container) {
      const one = followed.get(container.id) ?? start(container)
      await Promise.race([one.done, delay(finishMs, undefined, { ref: false })])
      await end(one)
    },
    async close(tenantId) {
      await Promise.all([...followed.values()].filter((one) => one.container.tenantId === tenantId).map(end))
    },
    async closeAll() {
      await Promise.all([...followed.values()].map(end))
    },
    get diskFull() {
      return diskFull
    },
    async probe() {
      if (!diskFull) return
      const file = join(tenantsDir, '.room')
      diskFull = await writeFile(file, Buffer.alloc(64 * 1024)).then(
        () => false,
        () => true,
      )
      await rm(file, { force: true })
    },
  }
}
