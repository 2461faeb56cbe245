import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { installDependencies } from './dependencies.mjs'
import { root, StepError } from './step.mjs'

/** A clone becomes a running Sath. */
export async function prepareAndRun() {
  process.chdir(root)
  const ready = await prepare()
  if (ready) await import(pathToFileURL(join(root, 'standalone/build/main.js')).href)
}

/** Installs and builds, by default everything; false, and exit code 1, after one sentence about what did not work. */
export async function prepare(buildNeeded = build) {
  try {
    await access(join(root, 'pnpm-lock.yaml'))
    await installDependencies()
    await buildNeeded()
    return true
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    console.error(error.message)
    process.exitCode = 1
    return false
  }
}
