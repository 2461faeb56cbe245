import { editPlan, grantPlan } from '@sath/db'
import t from 'tap'
import { limitsNote } from './plan/limit-rules.js'
import type { Run, Situation, Step } from './plan/situation.js'
import { nextStep } from './plan.js'
import { type Rig, rig } from './testing/rig.js'
import { container, plan, run, situation } from './testing/situations.js'
import { soon } from './testing/soon.js'

const pro = { memoryMiB: 256, cpu: 0.5 }
const bot = (over: Partial<Run> = {}, more: Partial<Situation> = {}) =>
  situation({ run: run('running', over), containers: [container('running')], planLimits: pro, ...more })
const refused = { sent: { term: false, killAt: undefined, refused: pro } }

const table: readonly (readonly [name: string, Situation, Partial<Step>, note: string | undefined])[] = [
  ['a greater plan', bot(), { kind: 'raise-limits', to: pro }, 'next-restart'],
  ['raised', bot({ limits: pro }), { kind: 'settled' }, 'heap'],
  ['started with it', bot({ limits: pro, startMemoryMiB: 256 }), { kind: 'settled' }, undefined],
  ['a smaller plan', bot({ limits: pro }, { planLimits: plan }), { kind: 'settled' }, 'next-restart'],
  [
    'more of one, less of the other',
    bot({}, { planLimits: { memoryMiB: 256, cpu: 0.1 } }),
    { kind: 'raise-limits', to: { memoryMiB: 256, cpu: 0.25 } },
    'next-restart',
  ],
  ['cut off while it was raised', bot({ raisingTo: pro }), { kind: 'raise-limits', to: pro }, 'next-restart'],
  [
    'cut off, and the plan fell back',
    bot({ raisingTo: pro }, { planLimits: plan }),
    { kind: 'raise-limits', to: pro },
    undefined,
  ],
  ['the engine cannot', bot({ raisingTo: pro }, refused), { kind: 'settled' }, 'next-restart'],
  [
    'the engine could not, and the plan is greater still',
    bot({ raisingTo: pro }, { ...refused, planLimits: { memoryMiB: 512, cpu: 1 } }),
    { kind: 'raise-limits', to: { memoryMiB: 512, cpu: 1 } },
    'next-restart',
  ],
  ['not heard of yet', bot({ phase: 'starting' }), { kind: 'wait' }, 'next-restart'],
  ['not wanted any more', bot({}, { desired: 'stopped' }), { kind: 'ask-stop' }, 'next-restart'],
]

t.test('more is given to what runs, less waits for the next start', async (t) => {
  for (const [name, s, step, note] of table) {
    t.match(nextStep(s), step, name)
    t.equal(limitsNote(s)?.reason, note, name)
  }
})

async function running(t: Parameters<typeof rig>[0]): Promise<{ r: Rig; id: string }> {
  const r = await rig(t)
  const id = await r.tenant()
  return { r, id }
}

t.test('whoever dies between asking the engine and writing it down leaves no drift and no doubt', async (t) => {
  for (const moment of ['before', 'after'] as const) {
    const { r, id } = await running(t)
    const victim = await r.open()
    await r.start(id)
    await r.running(id)
    await r.rest(id)
    victim.dieAt('resize', moment)
    await grantPlan(r.db, id, { planId: 'pro' })
    await victim.dead
    t.match(await r.lastRun(id), { memoryMiB: 128, raisingTo: pro }, 'the intent is written')
    // The plan falls back before anybody has looked.
    await grantPlan(r.db, id, { planId: 'free' })
    await r.expireClaims()
    const heir = await r.open()
    await soon('what was begun to be finished', async () => (await r.lastRun(id))?.raisingTo === null)
    t.match(await r.lastRun(id), { ...pro, startMemoryMiB: 128 })
    await heir.sweep()
    await r.rest(id)
    t.same(
      (await r.bot(id)).conditions.map(({ type, reason }) => [type, reason]),
      [['limits', 'next-restart']],
    )
    await heir.close()
  }
})

t.test('an engine that cannot is asked once, and the next start has the limits', async (t) => {
  const { r, id } = await running(t)
  r.engine.setResizes(false)
  await r.open()
  await r.start(id)
  const first = await r.running(id)
  await grantPlan(r.db, id, { planId: 'pro' })
  t.match(await r.condition(id, 'limits'), { reason: 'next-restart' })
  await editPlan(r.db, 'pro', { name: 'Pro' })
  await r.rest(id)
  t.equal(r.engine.calls.filter(({ verb }) => verb === 'resize').length, 1)
  t.match(await r.lastRun(id), { id: first.id, phase: 'running', memoryMiB: 128 })
  await r.restart(id)
  const next = await soon('the next run', async () => {
    const found = await r.running(id)
    return found.id !== first.id && found
  })
  t.match(next, { ...pro, startMemoryMiB: null, raisingTo: null })
})

t.test('an edited plan reaches the containers of everybody on it', async (t) => {
  const { r, id } = await running(t)
  await r.open()
  await r.start(id)
  await r.running(id)
  await editPlan(r.db, 'free', { memoryMiB: 192 })
  await soon('more memory', async () => (await r.lastRun(id))?.memoryMiB === 192)
  t.ok((await r.events(id)).includes('limits-raised'))
})
