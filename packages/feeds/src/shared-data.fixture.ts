import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../../shared/data/candles/', import.meta.url))

/** Path of a recorded series, or undefined where the recordings are not beside the repository. */
export function recordedSeries(name: string): string | undefined {
  const path = `${folder}${name}.csv`
  return existsSync(path) ? path : undefined
}
