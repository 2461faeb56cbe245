import { randomUUID } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Teardown } from '@sath/testkit'
import t from 'tap'
import { soon } from '../testing/soon.js'
import { type Behaviour, habitDir, scratchDir, testBundle } from '../testing/test-bot.js'
import { containerEngineContract } from './container-engine.contract.js'
import { memoryEngine } from './memory-engine.js'
import { processEngine } from './process-engine.js'

/** The same Node, without what a test runner loads into every child: the permission model forbids those files. */
function plainNode(t: Teardown): string {
  const file = join(scratchDir(t, 'node'), 'node')
  writeFileSync(file, `#!/bin/sh\nunset NODE_OPTIONS\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 })
  return file
}

const bot = { epoch: 1, memoryMiB: 128, cpu: 0.25, stopSeconds: 60 }

t.test('memory engine', async (t) => {
  const habits = new Map<string, Behaviour>()
  await containerEngineContract(t, {
    async open(installationId) {
      const engine = memoryEngine(installationId, {
        says: () => ['ready', '{"msg":"as JSON"}'],
        onTerm: ({ runId }) => (habits.get(runId) === 'ignores-sigterm' ? undefined : 0),
        onStart: ({ id, runId }) => {
          if (habits.get(runId) === 'exits-3') engine.exit(id, { exitCode: 3 })
        },
      })
      return engine
    },
    spec(imageId, behaviour) {
      const runId = randomUUID()
      habits.set(runId, behaviour)
      return { ...bot, tenantId: randomUUID(), runId, imageId, socketDir: `/x/${runId}` }
    },
  })
})

t.test('process engine', async (t) => {
  const root = scratchDir(t, 'processes')
  const nodePath = plainNode(t)
  const bundleFile = testBundle(t)
  let opened = 0
  await containerEngineContract(t, {
    async open(installationId) {
      return processEngine({
        installationId,
        bundleFile,
        stateDir: `${root}/state-${opened++}`,
        now: Date.now,
        nodePath,
      })
    },
    spec(imageId, behaviour) {
      const runId = randomUUID()
      return { ...bot, tenantId: randomUUID(), runId, imageId, socketDir: habitDir(root, runId, behaviour) }
    },
  })
})

t.test('a process engine ends the children that a killed one left, and nobody else', async (t) => {
  const root = scratchDir(t, 'processes')
  const nodePath = plainNode(t)
  const stateDir = `${root}/state`
  const open = () => processEngine({ installationId: 'i', bundleFile, stateDir, now: Date.now, nodePath })
  const bundleFile = testBundle(t)
  const runId = randomUUID()
  const left = open()
  const made = await left.create({
    ...bot,
    tenantId: randomUUID(),
    runId,
    imageId: '',
    socketDir: habitDir(root, runId, 'ignores-sigterm'),
  })
  const id = made.kind === 'created' ? made.id : ''
  await left.start(id)
  // An id that belongs to somebody else by now.
  writeFileSync(`${stateDir}/${randomUUID()}`, String(process.pid))
  await open().close()
  await soon('its end', async () => (await left.inspect(id))?.exitCode === 137)
  t.same(readdirSync(stateDir), [])
})

t.test('a child sees its own files only', async (t) => {
  const root = scratchDir(t, 'processes')
  const nodePath = plainNode(t)
  const engine = processEngine({
    installationId: 'i',
    bundleFile: testBundle(t),
    stateDir: `${root}/state`,
    now: Date.now,
    nodePath,
  })
  const runId = randomUUID()
  const made = await engine.create({
    ...bot,
    tenantId: randomUUID(),
    runId,
    imageId: '',
    socketDir: habitDir(root, runId, 'proves'),
  })
  const id = made.kind === 'created' ? made.id : ''
  await engine.start(id)
  // It tries to read /proc, which is not its own.
  t.match(
    await soon('its end', async () => {
      const facts = await engine.inspect(id)
      return facts?.state === 'exited' && facts
    }),
    { exitCode: 1 },
  )
  let words = ''
  for await (const entry of engine.logs(id, undefined, new AbortController().signal)) words += entry.data
  t.match(words, /ERR_ACCESS_DENIED/)
  await engine.close()
})
