import type { Clock } from '@sath/core'
import type { ContainerEngine } from './engines/container-engine.js'

/** After a failure the image is not tried again for so long. */
const retryMs = 30_000

/** The bot's image: made at first use, once for all who wait for it. */
export function imageStore(
  engine: ContainerEngine,
  now: Clock,
  tell: { onProgress(line: string): void; onMade(id: string): void },
) {
  let id: string | undefined
  let making: Promise<void> | undefined
  let problem: string | undefined
  let retryAt = 0
  const waiting = new Set<string>()
  return {
    get id() {
      return id
    },
    /** Why the last try failed. */
    get problem() {
      return problem
    },
    /** It is not there any more; the next who needs it has it made again. */
    forget(): void {
      id = undefined
    },
    /** Makes it if need be, without waiting; `onReady` is told of every key that asked, also when it failed. */
    prepare(key: string, onReady: (key: string) => void): void {
      if (!making && now() < retryAt) return
      waiting.add(key)
      making ??= engine
        .ensureImage(tell.onProgress)
        .then(
          (made) => {
            id = made
            tell.onMade(made)
            problem = undefined
          },
          (error: unknown) => {
            problem = error instanceof Error ? error.message : String(error)
            retryAt = now() + retryMs
          },
        )
        .finally(() => {
          making = undefined
          const asked = [...waiting]
          waiting.clear()
          for (const one of asked) onReady(one)
        })
    },
  }
}

export type ImageStore = ReturnType<typeof imageStore>
