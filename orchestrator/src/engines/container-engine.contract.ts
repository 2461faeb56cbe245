import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { soon } from '../testing/soon.js'
import type { Behaviour } from '../testing/test-bot.js'
import type { BotSpec, ContainerEngine, EngineEvent, LogEntry } from './container-engine.js'

/** What a suite brings: engines on one and the same place, each of an installation, and specs of bots with a habit. */
export interface EngineUnderTest {
  open(installationId: string): Promise<ContainerEngine>
  spec(imageId: string, behaviour: Behaviour): BotSpec
}

/** What every engine promises. Containers that a test leaves are ended and removed. */
export async function containerEngineContract(t: Test, subject: EngineUnderTest): Promise<void> {
  const installationId = randomUUID()
  const engine = await subject.open(installationId)
  const imageId = await engine.ensureImage(() => {})
  const spec = (behaviour: Behaviour) => subject.spec(imageId, behaviour)
  t.teardown(async () => {
    for (const { id } of await engine.list()) {
      await engine.signal(id, 'SIGKILL')
      await soon('the end of a container', async () => (await engine.inspect(id))?.state !== 'running')
      await engine.remove(id)
    }
    await engine.close()
  })

  async function create(one: BotSpec): Promise<string> {
    const created = await engine.create(one)
    if (created.kind !== 'created') throw new Error('the name is taken')
    return created.id
  }
  const ended = (id: string) =>
    soon('the end', async () => {
      const facts = await engine.inspect(id)
      return facts?.state === 'exited' ? facts : undefined
    })
  async function output(id: string, since?: string): Promise<LogEntry[]> {
    const entries: LogEntry[] = []
    for await (const entry of engine.logs(id, since, new AbortController().signal)) entries.push(entry)
    return entries
  }
  const words = (entries: readonly LogEntry[]) => Buffer.concat(entries.map((entry) => entry.data)).toString()
  const says = (id: string, word: string) =>
    soon(`"${word}"`, async () => {
      const abort = new AbortController()
      for await (const entry of engine.logs(id, undefined, abort.signal)) if (entry.data.includes(word)) return true
      return false
    })

  await t.test('a container is created, started, ended by SIGTERM and removed', async (t) => {
    const one = spec('obeys')
    const id = await create(one)
    const { tenantId, runId, epoch } = one
    const listed = (await engine.list(tenantId))[0]
    t.match(listed, { id, tenantId, runId, epoch, state: 'created' })
    t.match(listed?.name, new RegExp(`^sath-${installationId}-${tenantId}$`), 'the name holds both whole ids')
    t.same(await engine.faults(id, one), [], 'as hardened as asked')
    await engine.start(id)
    await says(id, 'ready')
    t.equal((await engine.list(tenantId))[0]?.state, 'running')
    await engine.signal(id, 'SIGTERM')
    t.match(await ended(id), { exitCode: 0, oomKilled: false })
    t.ok((await engine.inspect(id))?.finishedAt, 'the time of the end is known')
    await engine.remove(id)
    t.same(await engine.list(tenantId), [])
    t.equal(await engine.inspect(id), undefined)
  })

  await t.test('nobody waits for the output of a running container once reading it was given up', async (t) => {
    const one = spec('obeys')
    const id = await create(one)
    await engine.start(id)
    await says(id, 'ready')
    const read = async (signal: AbortSignal) => {
      for await (const _entry of engine.logs(id, undefined, signal));
    }
    const abort = new AbortController()
    const reading = read(abort.signal).catch(() => {})
    abort.abort()
    await reading
    await read(abort.signal).catch(() => {})
    t.equal((await engine.inspect(id))?.state, 'running')
  })

  await t.test('a second container of the same bot is refused, whatever its run', async (t) => {
    const one = spec('obeys')
    await create(one)
    t.same(await engine.create({ ...one, runId: randomUUID(), epoch: 2 }), { kind: 'name-taken' })
    t.equal((await engine.list(one.tenantId)).length, 1)
  })

  await t.test('the present image is none of the old ones', async (t) => {
    t.same(await engine.removeOldImages(), [])
    t.equal((await engine.create(spec('obeys'))).kind, 'created')
  })

  await t.test('every verb may be repeated', async (t) => {
    const id = await create(spec('obeys'))
    await engine.start(id)
    await engine.start(id)
    await says(id, 'ready')
    await engine.signal(id, 'SIGTERM')
    await ended(id)
    await engine.signal(id, 'SIGTERM')
    await engine.signal(id, 'SIGKILL')
    await engine.remove(id)
    await engine.remove(id)
    await engine.signal(id, 'SIGKILL')
    await t.rejects(engine.start(id), { name: 'EngineError', kind: 'refused' }, 'what is not there cannot start')
  })

  await t.test('a running container is not removed', async (t) => {
    const id = await create(spec('obeys'))
    await engine.start(id)
    await t.rejects(engine.remove(id), { name: 'EngineError', kind: 'refused' })
    t.equal((await engine.inspect(id))?.state, 'running')
  })

  await t.test('gives a running container more, or says that it cannot', async (t) => {
    const one = spec('obeys')
    const id = await create(one)
    await engine.start(id)
    await says(id, 'ready')
    const more = { memoryMiB: one.memoryMiB * 2, cpu: one.cpu * 2 }
    const given = await engine.resize(id, more)
    t.equal(given, engine.kind !== 'process')
    const now = given ? { ...one, ...more, startMemoryMiB: one.memoryMiB } : one
    t.same(await engine.faults(id, now), [], 'it has exactly that')
    t.same(await engine.faults(id, { ...one, raisingTo: more }), [], 'while it is being given, either is fine')
    if (given) t.ok((await engine.faults(id, one)).includes('Memory is the plan’s'), 'and nothing else')
    t.equal(await engine.resize(id, more), given, 'and may be asked again')
    t.equal((await engine.list(one.tenantId))[0]?.state, 'running')
    await t.rejects(engine.resize(randomUUID().replaceAll('-', ''), more), { name: 'EngineError', kind: 'refused' })
  })

  await t.test('tells how a container ended', async (t) => {
    const failing = await create(spec('exits-3'))
    await engine.start(failing)
    t.match(await ended(failing), { exitCode: 3, oomKilled: false })
    const stubborn = await create(spec('ignores-sigterm'))
    await engine.start(stubborn)
    await says(stubborn, 'ready')
    await engine.signal(stubborn, 'SIGTERM')
    t.equal((await engine.inspect(stubborn))?.state, 'running')
    await engine.signal(stubborn, 'SIGKILL')
    t.match(await ended(stubborn), { exitCode: 137, oomKilled: false })
  })

  await t.test('gives the output in order, and from a moment on', async (t) => {
    const id = await create(spec('exits-3'))
    await engine.start(id)
    await ended(id)
    const all = await output(id)
    t.match(words(all), /^ready\n.*as JSON/)
    const times = all.map((entry) => entry.at)
    t.same([...times].sort(), times)
    if (engine.kind === 'docker') t.same(await output(id, times.at(-1)), all.slice(-1), 'inclusive')
  })

  await t.test('tells of changes with their tenant', async (t) => {
    const events: EngineEvent[] = []
    t.teardown(
      engine.events(
        (event) => events.push(event),
        () => {},
      ),
    )
    const one = spec('exits-3')
    await engine.start(await create(one))
    for (const action of ['start', 'die'])
      await soon(action, () => events.some((event) => event.tenantId === one.tenantId && event.action === action))
  })

  await t.test('does not see the containers of another installation', async (t) => {
    const other = await subject.open(randomUUID())
    const one = spec('obeys')
    await create(one)
    t.same(await other.list(), [])
    t.same(await other.list(one.tenantId), [])
    await other.close()
  })
}
