/**
 * `npm run bench`: what Sath costs beside the bare things it is made of, as ratios from one run. Prints a table and writes
 * bench-results.json. Ends with 1 when a target is missed. With names of parts as arguments (`npm run bench -- indicators`)
 * it measures those only and writes nothing.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanup } from './cleanup.js'
import type { Figure } from './figure.js'
import { chosenParts } from './parts.js'
import { table, writeResults } from './report.js'
import { readSizes } from './sizes.js'

const all = cleanup()
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => reject(new Error(`Interrupted by ${signal}`)))
})
try {
  const names = process.argv.slice(2)
  const chosen = chosenParts(names)
  const sizes = readSizes(process.env)
  const directory = mkdtempSync(join(tmpdir(), 'sath-bench-'))
  all.teardown(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
  mkdirSync(join(directory, 'home'))
  const figures: Figure[] = []
  for (const part of chosen) figures.push(...(await Promise.race([part(all, directory, sizes), interrupted])))
  console.log(`\n${table(figures)}`)
  if (names.length === 0) {
    writeResults('bench-results.json', figures, sizes)
    console.log('\nHow each was measured, and the samples: bench-results.json')
  }
  process.exitCode = figures.every(({ met }) => met !== false) ? 0 : 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await all.run()
}
process.exit()
