import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BotRun } from '@sath/db'
import type { Teardown } from '@sath/testkit'
import Docker from 'dockerode'
import type { LogLine } from '../../logs/log-line.js'
import { type Rig, rig } from '../../testing/rig.js'
import { soon } from '../../testing/soon.js'
import { type Behaviour, habitDir, testBundle } from '../../testing/test-bot.js'
import type { ContainerEngine } from '../container-engine.js'
import { dockerEngine } from '../docker-engine.js'

/** Bots with a habit in real containers, and a stand-in for the gateway that takes "started" for a heartbeat. */
export async function dockerRig(t: Teardown, host: string) {
  const docker = new Docker({ socketPath: host.replace('unix://', '') })
  const r = await rig(t)
  const bundleFile = testBundle(t)
  const habits = new Map<string, Behaviour>()
  /** `through`: another address of the same Docker. */
  const openEngine = async (through = host, timeoutMs = 20_000): Promise<ContainerEngine> => {
    const engine = await dockerEngine({ host: through, timeoutMs, installationId: r.installation, bundleFile })
    t.teardown(() => engine.close())
    return {
      ...engine,
      create(spec) {
        habitDir(r.socketRoot, spec.runId, habits.get(spec.tenantId) ?? 'obeys')
        return engine.create(spec)
      },
    }
  }
  t.teardown(async () => {
    const filters = { label: [`sath.installation=${r.installation}`] }
    for (const { Id } of await docker.listContainers({ all: true, filters }))
      await docker.getContainer(Id).remove({ force: true })
  })
  const started = async (behaviour: Behaviour): Promise<{ id: string; run: BotRun & { containerId: string } }> => {
    const id = await r.tenant()
    habits.set(id, behaviour)
    await r.start(id)
    const run = await soon('a started container', async () => {
      const run = await r.lastRun(id)
      return run?.phase === 'starting' && run.containerId !== null && { ...run, containerId: run.containerId }
    })
    await soon('it runs', async () => (await docker.getContainer(run.containerId).inspect()).State.Status !== 'created')
    await r.firstHeartbeat(run.id)
    return { id, run }
  }
  return { ...r, docker, openEngine, started }
}

export function logLines(r: Rig, id: string): LogLine[] {
  const dir = join(r.tenantsDir, id, 'logs')
  if (!existsSync(dir)) return []
  const texts = readdirSync(dir)
    .sort()
    .flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n').slice(0, -1))
  return texts.map((text) => JSON.parse(text))
}
export const says = (r: Rig, id: string, message: string) =>
  soon(`"${message}" in the log`, () => logLines(r, id).find((line) => line.message === message))
export const exited = (r: Rig, id: string) =>
  soon('the end', async () => (await r.runs(id)).find((run) => run.phase === 'exited'))
