import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { program } from './debian-packages.mjs'
import { dockerEngine } from './docker-engine.mjs'
import { root } from './step.mjs'
import { endStrays } from './strays.mjs'

/**
 * What all test files use together: a directory for their files, one PostgreSQL, one Docker engine. `env` tells them;
 * `stop` ends everything, also what a killed test left running.
 *
 * @param {{database?: boolean}} [options] database: false for who brings a PostgreSQL of their own
 */
export async function startServices({ database: withDatabase = true } = {}) {
  // Short, because paths of sockets must be; and open to walk through, because PostgreSQL runs as another user.
  const directory = mkdtempSync('/tmp/st-')
  const temporary = join(directory, 't')
  mkdirSync(temporary)
  for (const path of [directory, temporary]) chmodSync(path, 0o711)
  const docker = await dockerEngine(join(directory, 'd'))
  const database =
    withDatabase && !process.env.SATH_TEST_DATABASE_URL ? await startDatabase(join(directory, 'p')) : undefined
  const chromium = program('chromium') ?? program('google-chrome')
  return {
    env: {
      SATH_TEST_CHROMIUM: chromium,
      ...process.env,
      TMPDIR: temporary,
      SATH_TEST_RUN: directory,
      ...(database && { SATH_TEST_DATABASE_URL: database.url('postgres') }),
      ...(docker && { SATH_TEST_DOCKER_HOST: docker.host }),
    },
    async stop() {
      await endStrays(directory, temporary)
      await Promise.all([database?.stop(), docker?.stop()])
      unmountBelow(directory)
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function startDatabase(home) {
  const { startPostgres } = await import(pathToFileURL(join(root, 'packages/embedded-postgres/build/index.js')).href)
  return await startPostgres({ home, durable: false, maxConnections: 300 })
}

/** dockerd leaves its own network namespace mounted. */
function unmountBelow(directory) {
  if (process.platform !== 'linux') return
  const points = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
  for (const point of points.filter((path) => path.startsWith(`${directory}/`)).reverse())
    spawnSync('umount', ['-l', point])
}
