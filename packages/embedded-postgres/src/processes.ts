import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Whether a process with this id runs, whoever owns it. A zombie does not: where process 1 reaps nothing (a plain container)
 * the dead stay listed for ever.
 */
export function isAlive(pid: number): boolean {
  if (process.platform === 'linux') return runningFields(pid) !== undefined
  return isListed(pid)
}

/** Whether the id is taken, be it by a zombie: this is all that PostgreSQL looks at. */
export function isListed(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The words a process was started with, joined by spaces; undefined when it is gone or cannot be seen. */
export function commandLine(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    }
    return ps(pid, 'command')
  } catch {
    return undefined
  }
}

/**
 * A mark that tells a process from a later one with the same id: boot and start time.
 * Undefined when the process is gone.
 */
export function startMark(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const started = runningFields(pid)?.[19]
      return started && `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${started}`
    }
    return ps(pid, 'lstart')
  } catch {
    return undefined
  }
}

/** Fields of proc(5) `stat` from the state (3rd) on, so that index 19 is the start time (22nd). */
function runningFields(pid: number): string[] | undefined {
  try {
    // The name in brackets may hold spaces and brackets: count from behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields
  } catch {
    return undefined
  }
}

function ps(pid: number, column: string): string {
  return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim()
}
