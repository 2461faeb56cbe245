import { spawn } from 'node:child_process'
import { lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { until } from './until.js'

/**
 * Address of the PostgreSQL server that the test processes of this user share. The first one to ask starts its keeper, a
 * process of its own, which ends the server when nobody has been connected for a while.
 */
export async function sharedServer(): Promise<string> {
  const home = sharedHome()
  const keeper = fileURLToPath(new URL('./main-keeper.js', import.meta.url))
  let nextStart = 0
  const url = await until(
    'the shared test database',
    async () => {
      const noted = readAddress(home)
      if (noted && (await answers(noted))) return noted
      // Several processes may start a keeper at once: all but one find the home locked and end. Ask again, but not often:
      // the one that is starting needs the processor, and the one that was there may just be ending.
      if (performance.now() >= nextStart) {
        nextStart = performance.now() + 2_000
        spawn(process.execPath, [keeper, home], { detached: true, stdio: 'ignore' }).unref()
      }
      return undefined
    },
    { timeoutMs: 60_000, everyMs: 50 },
  )
  return url
}

/** A directory below the system's temporary one that is surely ours: its name can be guessed by others. */
function sharedHome(): string {
  const { uid } = userInfo()
  const home = join(tmpdir(), `sath-test-${uid}`)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const found = lstatSync(home)
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) throw new Error(`${home} belongs to somebody else`)
  return home
}

/** The file in which the keeper leaves the address, readable by this user only. */
export function addressFile(home: string): string {
  return join(home, 'address')
}

function readAddress(home: string): string | undefined {
  try {
    return readFileSync(addressFile(home), 'utf8')
  } catch {
    return undefined
  }
}

async function answers(url: string): Promise<boolean> {
  const probe = postgres(url, { max: 1, connect_timeout: 5 })
  try {
    await probe`select 1`
    return true
  } catch {
    return false
  } finally {
    await probe.end({ timeout: 1 })
  }
}
