import t from 'tap'
import { rig } from './testing/rig.js'
import { soon } from './testing/soon.js'

t.test('images of earlier versions are removed once a bot runs with the present one, and not before', async (t) => {
  const r = await rig(t)
  r.gateway.answers = false
  const orchestrator = await r.open({ oldImagesMs: 20 })
  const asked = () => r.engine.calls.some(({ verb }) => verb === 'removeOldImages')
  const id = await r.tenant()
  await r.start(id)
  const run = await soon('a container', async () => {
    const last = await r.lastRun(id)
    return last?.phase === 'starting' ? last : undefined
  })
  await orchestrator.sweep()
  t.notOk(asked(), 'it may not come to run at all')
  await r.firstHeartbeat(run.id)
  await soon('the removal', asked)
})

t.test('an image that somebody has removed is made again', async (t) => {
  const r = await rig(t)
  await r.open()
  const id = await r.tenant()
  await r.start(id)
  await r.running(id)
  r.engine.loseImage()
  await r.restart(id)
  await soon('the next run', async () => {
    const run = await r.running(id)
    return run.epoch === 2
  })
  t.equal(r.engine.calls.filter(({ verb }) => verb === 'ensureImage').length, 2)
})
