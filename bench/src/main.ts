/**
 * `npm run bench`: what Sath costs beside the bare things it is made of, as ratios from one run. Prints a table and writes
 * bench-results.json. Ends with 1 when a target is missed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanup } from './cleanup.js'
import { measure } from './measure.js'
import { table, writeResults } from './report.js'
import { readSizes } from './sizes.js'

const all = cleanup()
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => reject(new Error(`Interrupted by ${signal}`)))
})
try {
  const sizes = readSizes(process.env)
  const directory = mkdtempSync(join(tmpdir(), 'sath-bench-'))
  all.teardown(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
  mkdirSync(join(directory, 'home'))
  const figures = await Promise.race([measure(all, directory, sizes), interrupted])
  writeResults('bench-results.json', figures, sizes)
  console.log(`\n${table(figures)}\n\nHow each was measured, and the samples: bench-results.json`)
  process.exitCode = figures.every(({ met }) => met !== false) ? 0 : 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await all.run()
}
process.exit()
