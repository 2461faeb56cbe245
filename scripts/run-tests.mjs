import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { installDebianPackages } from './debian-packages.mjs'
import { prepare } from './prepare.mjs'
import { root, say } from './step.mjs'
import { tapCounter } from './tap-counter.mjs'
import { testFiles } from './test-files.mjs'
import { startServices } from './test-services.mjs'
import { verify } from './verify.mjs'

/** From a clone to the last line, `N passed, N failed`; answers with the exit code. */
export async function runTests(filter) {
  process.chdir(root)
  await installDebianPackages()
  if (!(await prepare())) return conclude({ passed: 0, failed: 1, skipped: [] })
  const files = testFiles(filter)
  if (files.length === 0) say(filter ? `No test file matches ${filter}.` : 'There are no tests.')
  // Who asks for one file wants its answer at once.
  const faults = filter ? [] : await verify()
  for (const fault of faults) say(fault)
  const totals = files.length > 0 ? await runTap(files) : { passed: 0, failed: 0, skipped: [] }
  return conclude({ ...totals, failed: totals.failed + faults.length })
}

/** Runs tap in a process group of its own, so that nothing of it is left when it is done or interrupted. */
async function runTap(files) {
  let interrupted = false
  let endGroup = () => {}
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      interrupted = true
      endGroup()
    })
  }
  const times = []
  const { totals, line } = tapCounter((file) => {
    times.push(file)
    report(file)
  })
  const services = await startServices()
  try {
    if (!interrupted) {
      const tap = spawn(process.execPath, ['node_modules/tap/dist/esm/run.mjs', '--reporter=tap', ...files], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: services.env,
        detached: true,
      })
      endGroup = () => killGroup(tap.pid)
      const ended = once(tap, 'exit')
      const lines = createInterface({ input: tap.stdout }).on('line', line)
      const read = once(lines, 'close')
      const [code] = await ended
      endGroup()
      await read
      if (code !== 0 && totals.failed === 0) totals.failed++
    }
  } finally {
    await services.stop()
  }
  if (interrupted) {
    say('Interrupted.')
    totals.failed++
  }
  const slow = times.filter(({ timeMs }) => timeMs > 5_000).sort((a, b) => b.timeMs - a.timeMs)
  if (slow.length > 0) say(`Slow files:\n${slow.map(({ name, timeMs }) => `  ${seconds(timeMs)}  ${name}`).join('\n')}`)
  return totals
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Everything in it has ended.
  }
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1).padStart(5)} s`
}

function report({ name, ok, timeMs = 0, failures }) {
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${seconds(timeMs)}  ${name}\n`)
  for (const { path, details } of failures)
    process.stdout.write(`  ✗ ${path.slice(1).join(' › ').slice(0, 500) || 'the file itself'}\n${details.join('\n')}\n`)
}

/**
 * Names what was skipped and writes the line that the outside world reads. In CI everything must run, except what needs the
 * recorded data beside the repository where there are none.
 */
function conclude({ passed, failed, skipped }) {
  if (skipped.length > 0)
    say(`Skipped:\n${skipped.map(({ path, reason }) => `  ${path.join(' › ')}: ${reason}`).join('\n')}`)
  const dataAbsent = !existsSync(join(root, '../shared/data'))
  const excused = ({ reason }) => dataAbsent && /recorded|shared\/data/.test(reason)
  const mustRun = process.env.CI ? skipped.filter((skip) => !excused(skip)) : []
  if (mustRun.length > 0) say(`${mustRun.length} skipped here, where everything must run: that is a failure.`)
  const counts = [`${passed} passed`, `${failed} failed`, ...(skipped.length > 0 ? [`${skipped.length} skipped`] : [])]
  process.stdout.write(`${counts.join(', ')}\n`)
  return failed === 0 && passed > 0 && mustRun.length === 0 ? 0 : 1
}
