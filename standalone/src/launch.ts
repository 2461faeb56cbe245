import { join } from 'node:path'
import { ipcHub } from '@sath/bus'
import type { Config } from './config.js'
import { readyDatabase } from './database.js'
import { firstAdmin } from './first-admin.js'
import { readyKeys } from './keys.js'
import { lockHome } from './lock-home.js'
import { preflight } from './preflight.js'
import { programs } from './programs.js'
import { StartError } from './start-error.js'
import { type Supervised, supervise } from './supervise.js'

export interface LaunchOptions {
  /** One line for the person at the terminal. */
  readonly say: (line: string) => void
  /** Settles when everything is to end. */
  readonly stopAsked: Promise<void>
  /** What every program's environment begins with. */
  readonly baseEnvironment: Readonly<Record<string, string>>
}

/**
 * Starts everything, says when it can serve, keeps it running, and ends it in reverse when asked; the database last. Bots in
 * Docker go on and are adopted by the next start.
 *
 * @throws StartError with one sentence; nothing of ours is left running then
 */
export async function launch(config: Config, { say, stopAsked, baseEnvironment }: LaunchOptions): Promise<void> {
  const unlock = lockHome(config.home)
  try {
    await preflight(config)
    await run(config, { say, stopAsked, baseEnvironment })
  } finally {
    unlock()
  }
}

async function run(config: Config, { say, stopAsked, baseEnvironment }: LaunchOptions): Promise<void> {
  const database = await readyDatabase(config, say)
  const running: Supervised[] = []
  try {
    const keys = await readyKeys(config.home)
    const admin = await firstAdmin(
      { email: config.adminEmail, password: config.adminPassword },
      { ...baseEnvironment, DATABASE_URL: database.url },
    )
    if (admin?.password) say(`First admin: ${admin.email}, password ${admin.password} (shown only now)`)

    const hub = ipcHub()
    const lost = database.lost.then((sentence) => {
      throw new StartError(`${sentence} Its log: ${join(config.home, 'postgres', 'server.log')}`)
    })
    lost.catch(() => {})
    for (const program of programs(config, database.url, keys, baseEnvironment)) {
      const onChild: Parameters<typeof supervise>[2]['onChild'] = (child) => {
        child.once('exit', hub.attach(child))
      }
      running.push(supervise(program, join(config.home, 'logs'), { onChild, onNotice: say }))
    }
    const allReady = Promise.all(running.map((program) => program.ready)).then(() => 'ready' as const)
    const first = await Promise.race([allReady, lost, stopAsked.then(() => 'stop' as const)])
    if (first === 'ready') {
      say(`Sath is ready at http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`)
      await Promise.race([stopAsked, lost])
    }
    say('Stopping …')
  } finally {
    for (const program of running.reverse()) await program.stop()
    await database.stop()
  }
}
