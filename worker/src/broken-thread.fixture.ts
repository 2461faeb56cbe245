import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { ThreadAnswer, ThreadTask } from './pool.js'

/** A thread in which things go wrong as the input says; a job that waits goes on once the file `until` is there. */
export async function compute({ input, progress }: ThreadTask): Promise<ThreadAnswer> {
  switch (input.fault) {
    case 'throw':
      throw new Error('a bug of ours')
    case 'exit':
      return process.exit(1)
    case 'memory': {
      const kept: unknown[] = []
      for (;;) kept.push(new Array(1_000).fill(Math.random()))
    }
    case 'spin':
      progress.postMessage(0.25)
      for (;;);
    case 'wait':
      progress.postMessage(0.5)
      while (!existsSync(String(input.until))) await delay(10)
  }
  return { report: { fault: input.fault ?? null } }
}
