import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Program } from './programs.js'
import { StartError } from './start-error.js'

/** A log file larger than this is put aside at the next start of its program; one old one is kept. */
const rotateBytes = 50 * 1024 * 1024
/** A program that has not ended this long after SIGTERM is killed. */
const killAfterMs = 20_000
/** A program that served this long starts afresh without waiting, should it die. */
const healthyMs = 60_000
const longestWaitMs = 10_000

export interface Supervised {
  readonly name: string
  readonly child: ChildProcess | undefined
  /** Settles when the program first serves. @throws StartError when it says why it cannot, or dies trying five times */
  readonly ready: Promise<void>
  stop(): Promise<void>
}

export interface SuperviseHooks {
  /** A fresh child, before it says anything; for joining it to the bus. */
  onChild(child: ChildProcess): void
  /** One line for the person at the terminal. */
  onNotice(message: string): void
}

/** Keeps one program running until stopped. In a process group of its own, so that Ctrl-C reaches only the launcher. */
export function supervise(program: Program, logDir: string, hooks: SuperviseHooks): Supervised {
  let child: ChildProcess | undefined
  let stopping = false
  let served = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let settleReady: { resolve(): void; reject(error: Error): void } = { resolve() {}, reject() {} }
  const ready = new Promise<void>((resolve, reject) => {
    settleReady = { resolve, reject }
  })

  function start(): void {
    const startedAt = performance.now()
    let fatal: string | undefined
    child = launch(program, logDir)
    hooks.onChild(child)
    child.on('message', (message) => {
      const said = message as { sath?: string; message?: string }
      if (said.sath === 'ready') {
        served = true
        settleReady.resolve()
      }
      if (said.sath === 'notice' && said.message) hooks.onNotice(said.message)
      if (said.sath === 'fatal') fatal = said.message
    })
    child.once('exit', (code, signal) => {
      child = undefined
      if (stopping) return
      failures = performance.now() - startedAt > healthyMs ? 1 : failures + 1
      const log = join(logDir, `${program.name}.log`)
      if (!served && (fatal !== undefined || failures >= 5)) {
        settleReady.reject(new StartError(fatal ?? `The ${program.name} could not start; its log says why: ${log}`))
        return
      }
      const waitMs = Math.min(250 * 2 ** (failures - 1), longestWaitMs)
      hooks.onNotice(`The ${program.name} ended (${signal ?? `code ${code}`}); starting it again. Its log: ${log}`)
      timer = setTimeout(start, waitMs)
    })
  }

  start()
  return {
    name: program.name,
    get child() {
      return child
    },
    ready,
    async stop() {
      stopping = true
      clearTimeout(timer)
      const last = child
      if (!last || last.exitCode !== null || last.signalCode !== null) return
      const gone = new Promise<void>((resolve) => last.once('exit', () => resolve()))
      last.kill('SIGTERM')
      const kill = setTimeout(() => last.kill('SIGKILL'), killAfterMs)
      await gone
      clearTimeout(kill)
    },
  }
}

function launch(program: Program, logDir: string): ChildProcess {
  mkdirSync(logDir, { recursive: true, mode: 0o700 })
  const path = join(logDir, `${program.name}.log`)
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > rotateBytes) renameSync(path, `${path}.1`)
  const log = openSync(path, 'a', 0o600)
  try {
    return fork(program.entry, [], {
      env: program.env,
      execArgv: [],
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    })
  } finally {
    closeSync(log)
  }
}
