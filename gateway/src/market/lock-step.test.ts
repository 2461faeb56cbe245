import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import type { RunSlot } from '../sessions/run-slots.js'
import { createWake } from '../wake.js'
import { createLockStep } from './lock-step.js'

interface Bot {
  owes: number
  storing: number
  live: boolean
  late: boolean
}

/** Slots with just what the market looks at. */
function setup(bots: Bot[], boundMs = 20) {
  const wake = createWake()
  const placing = new Set<string>()
  const slots = bots.map((bot) => ({
    session: {
      get live() {
        return bot.live
      },
      get storing() {
        return bot.storing
      },
      get awaited() {
        return { size: bot.owes }
      },
      get late() {
        return bot.late
      },
      set late(late) {
        bot.late = late
      },
    },
    expectedUntil: 0,
    lockedUntil: 0,
  })) as unknown as RunSlot[]
  const abort = new AbortController()
  const lockStep = createLockStep({ slots: () => slots, placing, wake, signal: abort.signal, boundMs })
  const ends = async () => {
    let ended = false
    const done = lockStep.acknowledged().then(() => {
      ended = true
    })
    return { done, ended: () => ended }
  }
  return { slots, placing, wake, ends, abort }
}
const bot = (changes: Partial<Bot> = {}): Bot => ({ owes: 0, storing: 0, live: true, late: false, ...changes })

t.test('waits for answers, and no longer than the bound', async (t) => {
  const [quick, silent] = [bot({ owes: 1 }), bot({ owes: 1 })]
  const at = setup([quick, silent], 50)
  const before = performance.now()
  const first = await at.ends()
  quick.owes = 0
  at.wake.ring()
  await first.done
  t.ok(performance.now() - before >= 45, 'one was silent')
  t.ok(silent.late, 'and is not waited for again')
  const second = await at.ends()
  const bound = delay(45, 'the bound')
  t.equal(await Promise.race([second.done.then(() => 'at once'), bound]), 'at once')
})

t.test('waits without end for what was answered in time and is not stored yet', async (t) => {
  const slow = bot({ storing: 1 })
  const at = setup([slow], 10)
  const wait = await at.ends()
  await delay(40)
  t.notOk(wait.ended(), 'the bound is for bots, not for our database')
  slow.storing = 0
  at.wake.ring()
  await wait.done
})

t.test('a broker that keeps everybody waiting does so once', async (t) => {
  const at = setup([], 30)
  at.placing.add('tenant')
  const first = await at.ends()
  await delay(5)
  t.notOk(first.ended())
  await first.done
  const before = performance.now()
  await (await at.ends()).done
  t.ok(performance.now() - before < 25)
})

t.test('a bot that dropped is expected back, one that was put out is not', async (t) => {
  const at = setup([bot({ live: false })], 40)
  const slot = at.slots[0]!
  slot.expectedUntil = performance.now() + 1_000
  const back = await at.ends()
  await delay(10)
  t.notOk(back.ended())
  await back.done
  slot.lockedUntil = performance.now() + 1_000
  const before = performance.now()
  await (await at.ends()).done
  t.ok(performance.now() - before < 35)
})
