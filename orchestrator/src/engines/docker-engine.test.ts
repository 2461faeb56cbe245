import { randomUUID } from 'node:crypto'
import t from 'tap'
import { dockerForTests } from '../testing/docker-for-tests.js'
import { habitDir, scratchDir, testBundle } from '../testing/test-bot.js'
import { containerEngineContract } from './container-engine.contract.js'
import { dockerEngine } from './docker-engine.js'

const { host, skip } = await dockerForTests()

t.test('docker engine', { skip }, async (t) => {
  const root = scratchDir(t, 'docker')
  const bundleFile = testBundle(t)
  await containerEngineContract(t, {
    open: (installationId) => dockerEngine({ host, installationId, bundleFile }),
    spec(imageId, behaviour) {
      const runId = randomUUID()
      return {
        tenantId: randomUUID(),
        runId,
        epoch: 1,
        imageId,
        memoryMiB: 128,
        cpu: 0.5,
        stopSeconds: 5,
        socketDir: habitDir(root, runId, behaviour),
      }
    },
  })
})
