import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What exists only after a build or a start. */
const made = /^(\.sath|\.tools|\.env$)|(^|\/)(build|dist|node_modules)(\/|$)/

/**
 * The paths that documents put in backticks although nothing of that name exists, as sentences.
 *
 * @returns {Promise<string[]>}
 */
export async function missingReferences(directory, documents) {
  const topLevel = new Set(readdirSync(directory))
  const missing = []
  for (const document of documents.filter((name) => existsSync(join(directory, name)))) {
    const lines = (await readFile(join(directory, document), 'utf8')).split('\n')
    for (const [at, line] of lines.entries()) {
      for (const path of pathsIn(line, topLevel)) {
        if (!existsSync(join(directory, path)))
          missing.push(`${document}:${at + 1} names ${path}, which does not exist.`)
      }
    }
  }
  return missing
}

/** What looks like a path of this repository among the words in backticks: no pattern, no placeholder, no route, no package. */
export function pathsIn(line, topLevel) {
  const words = [...line.matchAll(/`([^`]+)`/g)].map(([, word]) => word.replace(/:\d+$/, ''))
  return words.filter((word) => {
    if (!/^[\w.-][\w./-]*$/.test(word) || word.startsWith('..') || made.test(word)) return false
    const [first] = word.split('/')
    const hasSlash = word.includes('/')
    if (!hasSlash) return /^[A-Z]+\.md$/.test(word)
    return topLevel.has(first) || word.endsWith('/') || /\.(ts|tsx|mjs|js|md|json|ya?ml|sh|conf|csv|sql)$/.test(word)
  })
}
