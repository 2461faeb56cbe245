import { randomUUID } from 'node:crypto'
import Docker from 'dockerode'
import t from 'tap'
import { dockerForTests } from '../testing/docker-for-tests.js'
import { habitDir, scratchDir, testBundle } from '../testing/test-bot.js'
import { dockerEngine } from './docker-engine.js'

const { host, skip } = await dockerForTests()

t.test('of the images of earlier versions, those go that are ours and that no container has', { skip }, async (t) => {
  const docker = host.startsWith('unix://') ? new Docker({ socketPath: host.slice('unix://'.length) }) : new Docker()
  const root = scratchDir(t, 'images')
  const [ours, others] = [randomUUID(), randomUUID()]
  const made: string[] = []
  t.teardown(async () => {
    for (const id of made)
      await docker
        .getImage(id)
        .remove({ force: true })
        .catch(() => {})
  })
  /** An orchestrator with this version of the bot. */
  const open = async (installationId: string, version: string) => {
    const engine = await dockerEngine({ host, installationId, bundleFile: testBundle(t, version) })
    t.teardown(() => engine.close())
    return engine
  }
  const make = async (installationId: string, version: string) => {
    const engine = await open(installationId, version)
    const id = await engine.ensureImage(() => {})
    made.push(id)
    return { engine, id }
  }
  const isThere = (id: string) =>
    docker
      .getImage(id)
      .inspect()
      .then(
        () => true,
        () => false,
      )
  const mark = randomUUID()
  const first = await make(ours, `${mark} 1`)
  const runId = randomUUID()
  const spec = {
    tenantId: randomUUID(),
    runId,
    epoch: 1,
    imageId: first.id,
    memoryMiB: 128,
    cpu: 0.5,
    stopSeconds: 5,
    socketDir: habitDir(root, runId, 'obeys'),
  }
  const created = await first.engine.create(spec)
  if (created.kind !== 'created') throw new Error(created.kind)
  t.teardown(() => first.engine.remove(created.id))
  const second = await make(ours, `${mark} 2`)
  const theirs = await make(others, `${mark} 3`)
  const named = await make(ours, `${mark} 4`)
  await docker.getImage(named.id).tag({ repo: 'sath-test-kept', tag: mark })
  const fresh = await open(ours, `${mark} 5`)
  t.same(await fresh.removeOldImages(), [], 'nothing, before there is a present one')
  const current = await fresh.ensureImage(() => {})
  made.push(current)

  t.same(
    await second.engine.removeOldImages(),
    [],
    'not by an orchestrator with an earlier version: one in use, two newer',
  )
  t.same(await fresh.removeOldImages(), [second.id])
  t.notOk(await isThere(second.id))
  for (const [id, why] of [
    [first.id, 'a container has it, though it was never started'],
    [theirs.id, 'another installation made it'],
    [named.id, 'somebody has given it a name of their own'],
    [current, 'it is the present one'],
  ] as const)
    t.ok(await isThere(id), why)
  await first.engine.remove(created.id)
  t.same(await fresh.removeOldImages(), [first.id], 'as soon as no container has it')

  t.same(await second.engine.create({ ...spec, imageId: second.id }), { kind: 'no-image' })
  const again = await second.engine.ensureImage(() => {})
  made.push(again)
  t.equal(
    (await second.engine.create({ ...spec, imageId: again })).kind,
    'created',
    'what is needed again is made again',
  )
  for (const { id } of await second.engine.list()) await second.engine.remove(id)
})
