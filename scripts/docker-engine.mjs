import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { program } from './debian-packages.mjs'
import { say } from './step.mjs'

/**
 * An engine for the tests: the one of DOCKER_HOST, one that answers at the usual place, or a private one in `directory`
 * (a short path) that touches neither the network nor any other engine. Undefined where there is none.
 *
 * @returns {Promise<{host: string, stop: () => Promise<void>} | undefined>}
 */
export async function dockerEngine(directory) {
  const existing = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'
  if (process.env.DOCKER_HOST || (await answers('/var/run/docker.sock')))
    return { host: existing, stop: async () => {} }
  const dockerd = program('dockerd')
  if (!dockerd || process.getuid?.() !== 0) return undefined
  return await privateEngine(dockerd, directory)
}

async function privateEngine(dockerd, directory) {
  mkdirSync(directory, { recursive: true })
  const socket = join(directory, 'd.sock')
  const logFile = join(directory, 'dockerd.log')
  const log = openSync(logFile, 'w')
  const args = [
    `--host=unix://${socket}`,
    `--data-root=${join(directory, 'data')}`,
    `--exec-root=${join(directory, 'exec')}`,
    `--pidfile=${join(directory, 'pid')}`,
    '--bridge=none',
    '--iptables=false',
  ]
  // A group of its own: Ctrl-C must not end it before the tests have put their things away.
  const daemon = spawn(dockerd, args, { stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  let ended = false
  const gone = new Promise((resolve) => {
    daemon.once('error', resolve)
    daemon.once('exit', resolve)
  }).then(() => {
    ended = true
  })
  const until = performance.now() + 60_000
  while (!ended && !(await answers(socket))) {
    if (performance.now() > until) break
    await delay(100)
  }
  const stop = async () => {
    if (!ended) daemon.kill('SIGTERM')
    const stubborn = setTimeout(() => daemon.kill('SIGKILL'), 30_000)
    await gone
    clearTimeout(stubborn)
  }
  if (!ended && existsSync(socket)) return { host: `unix://${socket}`, stop }
  await stop()
  say(
    `dockerd does not run here, so the tests that need it are skipped: ${readFileSync(logFile, 'utf8').trim().split('\n').at(-1)}`,
  )
  return undefined
}

function answers(socketPath) {
  return new Promise((resolve) => {
    const asking = request({ socketPath, path: '/_ping', timeout: 2_000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asking.once('error', () => resolve(false))
    asking.once('timeout', () => asking.destroy())
    asking.end()
  })
}
