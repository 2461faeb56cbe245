import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Path of recorded data in `shared/data` beside the repository's own directory; undefined where there is none. */
export function sharedData(...segments: string[]): string | undefined {
  const path = fileURLToPath(new URL(['../../../../shared/data', ...segments].join('/'), import.meta.url))
  return existsSync(path) ? path : undefined
}
