import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { until } from './until.js'

export interface ServiceOptions {
  readonly command: string
  readonly args: readonly string[]
  /** Throws or answers false until the service can be used. */
  readonly ready: () => Promise<boolean>
}

/** A real server that a test starts, stops, freezes and kills. */
export interface Service {
  readonly pid: number | undefined
  /** Starts it on the same address as before; settles when it answers. Nothing to do when it runs. */
  start(): Promise<void>
  /** Ends it by the signal (SIGTERM unless told otherwise) and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Freezes it: connections stay open, nothing answers. */
  pause(): void
  resume(): void
}

export function service({ command, args, ready }: ServiceOptions): Service {
  let child: ChildProcess | undefined
  let words = ''
  const killAtExit = () => child?.kill('SIGKILL')

  async function stop(signal: NodeJS.Signals = 'SIGTERM') {
    const ending = child
    if (!ending) return
    const gone = new Promise((resolve) => ending.once('exit', resolve))
    if (ending.exitCode === null && ending.signalCode === null) {
      ending.kill(signal)
      ending.kill('SIGCONT')
      const stubborn = setTimeout(() => ending.kill('SIGKILL'), 5_000)
      await gone
      clearTimeout(stubborn)
    }
    child = undefined
    process.off('exit', killAtExit)
  }

  return {
    get pid() {
      return child?.pid
    },
    async start() {
      if (child) return
      const starting = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      child = starting
      words = ''
      process.once('exit', killAtExit)
      for (const stream of [starting.stdout, starting.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          words = (words + text).slice(-2_000)
        })
      }
      const ended = new Promise<never>((_, reject) => {
        starting.once('error', reject)
        starting.once('exit', (code, signal) => reject(new Error(`${command} ended (${signal ?? code}): ${words}`)))
      })
      ended.catch(() => {})
      await Promise.race([ended, until(`${command} to answer`, ready, { everyMs: 20 })])
    },
    stop,
    pause: () => {
      child?.kill('SIGSTOP')
    },
    resume: () => {
      child?.kill('SIGCONT')
    },
  }
}

/** Full path of a program, also of one in the administrator's directories; undefined when it is not installed. */
export function programOnPath(name: string): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin']
  return directories
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
