import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runStep, say } from './step.mjs'

/** What the tests with real parts need, and the file by which it is known to be there. */
const packages = [
  { name: 'docker.io', has: () => Boolean(process.env.DOCKER_HOST) || Boolean(program('dockerd')) },
  { name: 'redis-server', has: () => Boolean(program('redis-server')) },
  { name: 'influxdb', has: () => Boolean(program('influxd')) },
  { name: 'nginx-light', has: () => Boolean(program('nginx')) },
  { name: 'openssl', has: () => Boolean(program('openssl')) },
  { name: 'docker-compose', has: () => Boolean(program('docker-compose')) },
  { name: 'chromium', has: () => Boolean(program('chromium')) },
  { name: 'fonts-dejavu-core', has: () => existsSync('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf') },
]

/** Full path of an installed program, also of one that only the administrator has on the PATH. */
export function program(name) {
  const directories = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin']
  return directories.map((directory) => join(directory, name)).find((path) => existsSync(path))
}

/**
 * As root on Debian: installs what is missing from Debian's own packages, without starting any of it. Elsewhere the tests
 * use what is there. A failure is said and not fatal: the tests that miss something are skipped by name.
 *
 * @param {string[]} wanted names of some of the packages above; default all of them
 */
export async function installDebianPackages(wanted = packages.map(({ name }) => name)) {
  const missing = packages.filter(({ name, has }) => wanted.includes(name) && !has()).map(({ name }) => name)
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    say(`Not installed here, so the tests that need it are skipped: ${missing.join(', ')}.`)
    return
  }
  say(`Installing from Debian for the tests: ${missing.join(', ')} …`)
  const allowAgain = keepServicesDown()
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) =>
    runStep('Debian packages could not be installed', 'apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env,
    })
  try {
    await apt('update')
    await apt('install', '-y', '--no-install-recommends', ...missing)
  } catch (error) {
    say(error.message)
  } finally {
    allowAgain()
  }
}

/** Debian starts what it installs unless this file forbids it. One that was there before stays, and decides. */
function keepServicesDown() {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return () => {}
  const remove = () => {
    process.off('exit', remove)
    rmSync(policy, { force: true })
  }
  process.on('exit', remove)
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  return remove
}
