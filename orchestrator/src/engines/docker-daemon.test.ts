import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { programOnPath, service, type Teardown } from '@sath/testkit'
import Docker from 'dockerode'
import t from 'tap'
import { quick, rig } from '../testing/rig.js'
import { soon } from '../testing/soon.js'
import { habitDir, scratchDir, testBundle } from '../testing/test-bot.js'
import { dockerEngine } from './docker-engine.js'

/** A Docker that answers as it is told. */
async function falseDocker(
  t: Teardown,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const socket = join(scratchDir(t, 'docker'), 'd.sock')
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/info')) response.end('{"CgroupVersion":"2"}')
    else if (request.url?.startsWith('/events')) response.write('\n')
    else answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `unix://${socket}`
}

t.test('whatever Docker does, a call ends, and says whether anything can be known', async (t) => {
  const json = { 'content-type': 'application/json' }
  const table: readonly (readonly [string, (request: IncomingMessage, response: ServerResponse) => void, string])[] = [
    ['500', (_, response) => response.writeHead(500, json).end('{"message":"no"}'), 'unreachable'],
    ['nothing', () => {}, 'unreachable'],
    ['cut', (request) => void request.socket.destroy(), 'unreachable'],
    [
      'half an answer',
      (request, response) => {
        response.writeHead(200, { ...json, 'content-length': 1_000 })
        response.write('[{')
        setTimeout(() => request.socket.destroy(), 20)
      },
      'unreachable',
    ],
    ['400', (_, response) => response.writeHead(400, json).end('{"message":"bad"}'), 'refused'],
  ]
  for (const [name, answer, kind] of table) {
    const host = await falseDocker(t, answer)
    const engine = await dockerEngine({ host, installationId: randomUUID(), bundleFile: '', timeoutMs: 1_500 })
    await t.rejects(engine.list(), { name: 'EngineError', kind }, `list: ${name}`)
    await t.rejects(engine.inspect('x'), { name: 'EngineError', kind }, `inspect: ${name}`)
    await t.rejects(engine.start('x'), { name: 'EngineError', kind }, `start: ${name}`)
    await engine.close()
  }
})

t.test('a build that says it went well has not therefore built anything', async (t) => {
  const bodies = [
    '{"stream":"Step 1/4 : FROM scratch"}\n',
    '{"errorDetail":{"message":"no space"},"error":"no space"}\n',
  ]
  const host = await falseDocker(t, (request, response) => {
    if (!request.url?.startsWith('/build'))
      return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"no such image"}')
    request.resume().on('end', () => response.end(bodies.join('')))
  })
  const engine = await dockerEngine({ host, installationId: randomUUID(), bundleFile: testBundle(t) })
  t.teardown(() => engine.close())
  const said: string[] = []
  await t.rejects(
    engine.ensureImage((line) => said.push(line)),
    { kind: 'refused', message: /no space/ },
  )
  t.ok(said.length > 0, 'progress was shown')
})

const dockerd = programOnPath('dockerd')
const needs = process.getuid?.() === 0 && dockerd ? false : 'needs dockerd and root'

t.test(
  'a daemon that restarts ends its bots; they come back as a new epoch, and nothing is a crash',
  { skip: needs },
  async (t) => {
    const home = scratchDir(t, 'daemon')
    const host = `unix://${home}/docker.sock`
    const docker = new Docker({ socketPath: `${home}/docker.sock` })
    const daemon = service({
      command: dockerd ?? '',
      args: [
        '--host',
        host,
        '--data-root',
        `${home}/data`,
        '--exec-root',
        `${home}/exec`,
        '--pidfile',
        `${home}/pid`,
        '--bridge',
        'none',
        '--iptables=false',
        '--shutdown-timeout',
        '5',
      ],
      ready: async () => (await docker.ping()) !== undefined,
    })
    await daemon.start()
    const r = await rig(t)
    const bundleFile = testBundle(t)
    const engine = await dockerEngine({ host, installationId: r.installation, bundleFile, timeoutMs: 5_000 })
    t.teardown(async () => {
      await engine.close()
      for (const { Id } of await docker.listContainers({ all: true }))
        await docker.getContainer(Id).remove({ force: true })
      await daemon.stop()
    })
    const orchestrator = await r.open({
      limits: { ...quick, stopGrace: 3_000 },
      engine: {
        ...engine,
        create(spec) {
          habitDir(r.socketRoot, spec.runId, 'obeys')
          return engine.create(spec)
        },
      },
    })
    const id = await r.tenant()
    await r.start(id)
    const started = (epoch: number) =>
      soon(`run ${epoch}`, async () => {
        const run = await r.lastRun(id)
        if (run?.epoch !== epoch || run.phase !== 'starting' || !run.containerId) return false
        return (await docker.getContainer(run.containerId).inspect()).State.Running && run
      })
    await r.firstHeartbeat((await started(1)).id)
    await r.rest(id)
    await daemon.stop()
    await orchestrator.sweep()
    orchestrator.look(id)
    t.match(await r.condition(id, 'unreachable'), { reason: 'engine' })
    t.match(await r.lastRun(id), { epoch: 1, phase: 'running' }, 'unknown is not dead')
    await daemon.start()
    await started(2)
    const [, ended] = await r.runs(id)
    t.match(ended, { exitCause: 'engine-stopped', stopRequestedAt: null })
    await r.force(id)
    await soon('the end', async () => (await r.lastRun(id))?.phase === 'exited')
    await orchestrator.close()
  },
)
