import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { JobKind } from '@sath/db'
import { Piscina } from 'piscina'

/** What a thread is given. */
export interface ThreadTask {
  readonly kind: JobKind
  readonly tenantId: string
  readonly input: Record<string, unknown>
  readonly databaseUrl: string
  /** Takes the fraction that is done, 0…1. */
  readonly progress: MessagePort
}

export interface Computation {
  readonly kind: JobKind
  readonly tenantId: string
  readonly input: Record<string, unknown>
  /** Called with the fraction that is done, 0…1, as often as the thread says. */
  readonly onProgress: (fraction: number) => void
  /** Ends the thread. */
  readonly signal: AbortSignal
}

/** What a thread answers: a report, or a refusal in words for the user. Anything else it throws is a bug. */
export type ThreadAnswer = { readonly report: Record<string, unknown> } | { readonly refusal: string }

export interface Pool {
  /** Rejects when the thread was ended or broke. */
  compute(computation: Computation): Promise<ThreadAnswer>
  close(): Promise<void>
}

export interface PoolOptions {
  readonly databaseUrl: string
  readonly threads: number
  readonly memoryMiB: number
  /** Another module than ours with a function `compute`; for tests of what can go wrong. */
  readonly module?: string
}

/** Threads that compute, each with a memory limit of its own. They see no environment, and nothing is loaded before our module. */
export function openPool({ databaseUrl, threads, memoryMiB, module }: PoolOptions): Pool {
  const piscina = new Piscina<ThreadTask, ThreadAnswer>({
    filename: module ?? fileURLToPath(new URL('./thread.js', import.meta.url)),
    name: 'compute',
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 10_000,
    // Its loops wait for the database.
    atomics: 'disabled',
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMiB, maxYoungGenerationSizeMb: 32 },
    recordTiming: false,
  })
  // What an idle thread throws concerns no job, and a new one is made when it is needed.
  piscina.on('error', () => {})
  return {
    async compute({ kind, tenantId, input, onProgress, signal }) {
      const { port1, port2 } = new MessageChannel()
      port1.on('message', (fraction: number) => onProgress(fraction))
      port1.unref()
      try {
        const task = { kind, tenantId, input, databaseUrl, progress: port2 }
        return await piscina.run(task, { transferList: [port2], signal })
      } finally {
        port1.close()
      }
    },
    close: () => piscina.destroy(),
  }
}

/** Whether the thread ended because it needed more memory than it may have. */
export function ranOutOfMemory(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY'
}
