import type { Teardown } from '@sath/testkit'

export interface Cleanup extends Teardown {
  /** Puts everything away, what came last first; a fault is told and does not keep the rest from it. */
  run(): Promise<void>
}

export function cleanup(): Cleanup {
  const tasks: (() => unknown)[] = []
  return {
    teardown: (task) => tasks.push(task),
    async run() {
      for (let task = tasks.pop(); task; task = tasks.pop()) {
        try {
          await task()
        } catch (error) {
          console.error('not put away:', error)
        }
      }
    },
  }
}
