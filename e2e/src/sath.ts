import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, type Teardown, until } from '@sath/testkit'
import Docker from 'dockerode'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Sath {
  readonly url: string
  readonly home: string
  readonly tenantsDir: string
  /** Everything the launcher printed so far. */
  readonly output: () => string
  readonly launcher: ChildProcess
  /** SIGTERM, then the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL to the launcher alone; what it started must see for itself that it is gone. */
  kill(): Promise<void>
  /** Pid of one of its programs, by name. */
  pidOf(program: string): number
}

export interface SathOptions {
  readonly engine: 'docker' | 'process' | 'auto'
  readonly feed: string
  /** A home of an earlier start; default a fresh one, removed with the test. */
  readonly home?: string
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
}

export const admin = { email: 'root@example.com', password: 'a long admin password' }

/** Starts what `npm start` starts, from the compiled launcher, and waits for its one line. */
export async function startSath(t: Teardown, options: SathOptions): Promise<Sath> {
  const started = spawnSath(t, { ...options, port: options.port ?? (await freePort()) })
  await until(
    'Sath is ready',
    () => {
      if (started.launcher.exitCode !== null) throw new Error(`the launcher ended: ${started.output()}`)
      return started.output().includes('Sath is ready at ')
    },
    { timeoutMs: 90_000, everyMs: 50 },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${started.output()}\n${programLogs(started.home)}`)
  })
  return started
}

/** Starts it without waiting, for starts that must fail. */
export function spawnSath(t: Teardown, options: SathOptions & { readonly port: number }): Sath {
  const home = options.home ?? temporaryHome(t)
  const tenantsDir = join(home, 'tenants')
  let output = ''
  // The test runner loads itself into every Node below it by NODE_OPTIONS, which bots under the permission model may not read.
  const clean = ['-c', 'unset NODE_OPTIONS; exec "$0" "$@"', process.execPath]
  const launcher = spawn('/bin/sh', [...clean, join(root, 'standalone/build/main.js')], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(options.port),
      SATH_HOME: home,
      SATH_TENANTS_DIR: tenantsDir,
      SATH_ENGINE: options.engine,
      SATH_FEED: options.feed,
      SATH_ADMIN_EMAIL: admin.email,
      SATH_ADMIN_PASSWORD: admin.password,
      ...(dockerHost ? { DOCKER_HOST: dockerHost } : {}),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const exited = new Promise<number | null>((resolve) => launcher.once('exit', resolve))
  const stop = (signal: NodeJS.Signals) => {
    if (launcher.exitCode === null && launcher.signalCode === null) launcher.kill(signal)
    return exited
  }
  t.teardown(async () => {
    await stop('SIGTERM')
  })
  return {
    url: `http://127.0.0.1:${options.port}`,
    home,
    tenantsDir,
    launcher,
    output: () => output,
    stop: () => stop('SIGTERM'),
    kill: async () => void (await stop('SIGKILL')),
    pidOf: (program) => pidOf(launcher.pid ?? 0, program),
  }
}

/** The engine that tests may use: the private one of the test runner, else what the environment names. */
export const dockerHost = process.env.SATH_TEST_DOCKER_HOST ?? process.env.DOCKER_HOST

/** A client of that engine, which is not the one that this machine may have besides. */
export function docker(): Docker {
  return dockerHost?.startsWith('unix://')
    ? new Docker({ socketPath: dockerHost.slice('unix://'.length) })
    : new Docker()
}

export function temporaryHome(t: Teardown): string {
  const home = mkdtempSync(join(tmpdir(), 'sath-e2e-'))
  t.teardown(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))
  return home
}

/** A child of the launcher whose command names the program's main. */
function pidOf(parent: number, program: string): number {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')
  for (const pid of children) {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    if (command.includes(`/${program}/build/main.js`)) return Number(pid)
  }
  throw new Error(`no ${program} among the children of ${parent}`)
}

/** The last words of each program, for the message of a failed wait. */
export function programLogs(home: string): string {
  return ['gateway', 'orchestrator', 'worker', 'api']
    .map((name) => {
      try {
        return `--- ${name}\n${readFileSync(join(home, 'logs', `${name}.log`), 'utf8')
          .split('\n')
          .slice(-25)
          .join('\n')}`
      } catch {
        return `--- ${name}: no log`
      }
    })
    .join('\n')
}
