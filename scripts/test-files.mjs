import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './step.mjs'

/**
 * The built test files that .taprc includes. With a filter those whose path contains it (as source or as output), or else
 * those that contain it, for example in the name of a test.
 */
export function testFiles(filter) {
  const patterns = [...readFileSync(join(root, '.taprc'), 'utf8').matchAll(/^ {2}- "(.+)"$/gm)].map(
    ([, pattern]) => pattern,
  )
  const files = [...new Set(patterns.flatMap(expand))].sort()
  if (!filter) return files
  const wanted = filter.replace(/^\.\//, '')
  const byPath = files.filter((file) =>
    [file, file.replace('/build/', '/src/').replace(/\.js$/, '.ts')].some((path) => path.includes(wanted)),
  )
  return byPath.length > 0 ? byPath : files.filter((file) => readFileSync(join(root, file), 'utf8').includes(filter))
}

// A pattern names one directory, or the same directory of all rooms, then all or only its own files of one ending.
function expand(pattern) {
  const [before, name] = [pattern.replace(/\/(\*\*\/)?\*[^/]*$/, ''), pattern.split('*').at(-1)]
  const deep = pattern.includes('/**/')
  const [rooms, below] = before.split('/*/')
  const directories = below ? readdirSync(join(root, rooms)).map((room) => `${rooms}/${room}/${below}`) : [before]
  return directories
    .filter((directory) => existsSync(join(root, directory)))
    .flatMap((directory) =>
      readdirSync(join(root, directory), { recursive: deep })
        .filter((path) => path.endsWith(name))
        .map((path) => `${directory}/${path}`),
    )
}
