import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Behaviour, habitDir, scratchDir, testBundle } from '../testing/test-bot.js'
import { containerEngineContract } from './container-engine.contract.js'
import { memoryEngine } from './memory-engine.js'
import { processEngine } from './process-engine.js'

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
  const bundleFile = testBundle(t)
  let opened = 0
  await containerEngineContract(t, {
    async open(installationId) {
      return processEngine({ installationId, bundleFile, stateDir: `${root}/state-${opened++}`, now: Date.now })
    },
    spec(imageId, behaviour) {
      const runId = randomUUID()
      return { ...bot, tenantId: randomUUID(), runId, imageId, socketDir: habitDir(root, runId, behaviour) }
    },
  })
})
