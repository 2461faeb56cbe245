import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ContainerEngine, EngineError } from './container-engine.js'
import { dockerEngine } from './docker-engine.js'
import { processEngine } from './process-engine.js'

export interface EngineChoice {
  readonly wish: 'auto' | 'docker' | 'process'
  readonly dockerHost: string | undefined
  readonly installationId: string
  readonly bundleFile: string
  readonly socketRoot: string
  /** Called before any child process is touched. @throws EngineError when they are somebody else's */
  readonly claimProcesses: () => Promise<void>
}

/** How long Docker may take to answer. One that is absent refuses at once; one that is slow must not be taken for absent. */
const answerMs = 30_000

/**
 * Docker where it answers, or where it is demanded; child processes otherwise. The reason is for people.
 *
 * @throws EngineError with the command that would install Docker, when it is demanded and not there
 */
export async function pickEngine(choice: EngineChoice): Promise<{ engine: ContainerEngine; reason: string }> {
  const { wish, dockerHost: host, installationId, bundleFile, socketRoot } = choice
  const childProcesses = async () => {
    await choice.claimProcesses()
    return processEngine({ installationId, bundleFile, stateDir: join(socketRoot, 'processes'), now: Date.now })
  }
  if (wish === 'process') return { engine: await childProcesses(), reason: 'asked for by SATH_ENGINE=process' }
  try {
    const engine = await dockerEngine({ host, installationId, bundleFile, infoMs: answerMs })
    return { engine, reason: `Docker answers${host ? ` at ${host}` : ''}` }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    const why = `Docker does not answer (${error.message})`
    const install = `Install and start it with: ${installCommand(process.platform, await osRelease())}`
    if (wish === 'docker') throw new EngineError('refused', `SATH_ENGINE=docker, but ${why}. ${install}`, error)
    return {
      engine: await childProcesses(),
      reason: `${why}; bots run as child processes, for development only. ${install}`,
    }
  }
}

async function osRelease(): Promise<string> {
  return readFile('/etc/os-release', 'utf8').catch(() => '')
}

/** The command that installs Docker on this kind of system. */
export function installCommand(platform: string, osRelease: string): string {
  const ids = /^ID(?:_LIKE)?=.*$/gm
  const family = (osRelease.match(ids) ?? []).join(' ')
  if (platform === 'darwin') return 'brew install --cask docker'
  if (/debian|ubuntu/.test(family)) return 'sudo apt-get install docker.io'
  if (/fedora|rhel|centos/.test(family)) return 'sudo dnf install moby-engine && sudo systemctl start docker'
  if (/alpine/.test(family)) return 'sudo apk add docker && sudo rc-service docker start'
  if (/arch/.test(family)) return 'sudo pacman -S docker && sudo systemctl start docker'
  return 'see https://docs.docker.com/engine/install/'
}
