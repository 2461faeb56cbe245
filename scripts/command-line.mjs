import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { buildCommandLine } from './build.mjs'
import { prepare } from './prepare.mjs'
import { root } from './step.mjs'

/** Runs the command line in a process of its own, so that Ctrl-C ends a computation at once, and takes its exit code. */
export async function prepareAndRun() {
  if (!(await prepare(buildCommandLine))) return
  const child = spawn(process.execPath, [join(root, 'cli/build/main.js'), ...process.argv.slice(2)], {
    cwd: callersDirectory(),
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('exit', (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : code
  })
}

/** npm runs scripts in the package's directory, and file names on the command line are meant where it was typed. */
function callersDirectory() {
  return (process.env.npm_lifecycle_event === 'sath' && process.env.INIT_CWD) || process.cwd()
}
