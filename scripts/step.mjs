import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's own directory, wherever it was cloned to. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** A step that did not work; the message is for a person. */
export class StepError extends Error {}

/** One line about what takes a while. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Runs a command of ours to its end, quietly: what it said is shown only when it fails.
 *
 * @param {string} failure the sentence for the case that it fails
 * @throws StepError
 */
export async function runStep(failure, command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  const ended = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ?? code))
  })
  if (ended === 0) return output
  throw new StepError(`${output.trim()}\n\n${failure} (${command} ended with ${ended}).`.trimStart())
}

/** Runs a JavaScript program with this Node. */
export function runNode(failure, script, args = [], options = {}) {
  return runStep(failure, process.execPath, [script, ...args], options)
}
