/**
 * `npm run verify`: formatting, lint, types, and that the documents name only what exists. Takes seconds and needs no service.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installDependencies } from './dependencies.mjs'
import { missingReferences } from './doc-references.mjs'
import { root, runNode, StepError, say } from './step.mjs'

const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'nginx/README.md']

function folderPages(folder) {
  return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)
}

/** The sentences about what is wrong; none when all is well. */
export async function verify() {
  const checks = [
    runNode(
      'Biome found faults; `node_modules/.bin/biome check --write` corrects most',
      'node_modules/@biomejs/biome/bin/biome',
      ['check', '--colors=off'],
    ),
    checkTypes(),
    missingReferences(root, [...pages, ...folderPages('docs/decisions'), ...folderPages('docs/runbooks')]).then(
      (missing) => {
        if (missing.length > 0) throw new StepError(missing.join('\n'))
      },
    ),
  ]
  const results = await Promise.allSettled(checks)
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  for (const reason of reasons) if (!(reason instanceof StepError)) throw reason
  return reasons.map(({ message }) => message)
}

/** The page is compiled by its bundler, which does not look at types; it uses those of the rooms built first. */
async function checkTypes() {
  const compiler = 'node_modules/typescript/bin/tsc'
  await runNode('The types do not fit', compiler, ['-b'])
  await runNode('The types of the dashboard do not fit', compiler, ['-p', 'dashboard', '--noEmit'])
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  await installDependencies()
  const faults = await verify()
  for (const fault of faults) say(fault)
  say(faults.length === 0 ? 'All is well.' : `${faults.length} of 3 checks failed.`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
