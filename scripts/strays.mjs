import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { say } from './step.mjs'

/**
 * Ends what tests left running: processes that inherited this run's SATH_TEST_RUN or work on files in its directory for
 * temporary ones. Where there is no /proc (not Linux) nothing is known of them.
 */
export async function endStrays(run, temporary) {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    const strays = findStrays(run, temporary)
    if (strays.length === 0) return
    for (const { pid, command } of strays) {
      if (signal === 'SIGTERM') say(`A test left this running: ${command}`)
      try {
        process.kill(pid, signal)
      } catch {
        // It ended by itself.
      }
    }
    for (let waited = 0; waited < 3_000 && findStrays(run, temporary).length > 0; waited += 50) await delay(50)
  }
}

function findStrays(run, temporary) {
  if (process.platform !== 'linux') return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return pids.flatMap((pid) => {
    const command = read(`/proc/${pid}/cmdline`).join(' ')
    const inherited = read(`/proc/${pid}/environ`).includes(`SATH_TEST_RUN=${run}`)
    return command !== '' && (inherited || command.includes(`${temporary}/`))
      ? [{ pid: Number(pid), command: command.slice(0, 200) }]
      : []
  })
}

function read(path) {
  try {
    return readFileSync(path, 'utf8').split('\0').filter(Boolean)
  } catch {
    return []
  }
}
