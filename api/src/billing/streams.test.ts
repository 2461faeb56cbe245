/** Long streams are too many to be tried all: drawn ones. Of the short ones every one is tried in `all-streams.test.ts`. */
import { createHash } from 'node:crypto'
import { outbox } from '@sath/db'
import type { PeerEvent } from '@sath/testkit/stripe'
import fc from 'fast-check'
import t from 'tap'
import { billingSetup } from './setup.fixture.js'
import {
  endsAsTold,
  failedMail,
  type Life,
  type Outcome,
  outcomeOf,
  ring,
  type Story,
  stepsAt,
  take,
  toFreeMail,
} from './streams.fixture.js'
import { sweepStripe } from './sweep.js'

t.setTimeout(300_000)
const app = await billingSetup(t)
const { subscribe, change, cancel, failToPay, pay, refund, end, deleteCustomer } = stepsAt(app)

const stories: Readonly<Record<string, Story>> = {
  subscribe: { plan: 'basic', steps: [subscribe('basic')] },
  upgrade: { plan: 'pro', steps: [subscribe('basic'), change('pro')] },
  downgrade: { plan: 'basic', steps: [subscribe('pro'), change('basic')] },
  'up and down and up': {
    plan: 'enterprise',
    steps: [subscribe('basic'), change('pro'), change('basic'), change('enterprise')],
  },
  'fail to pay': { plan: 'pro', steps: [subscribe('basic'), failToPay], owed: failedMail },
  'fail to pay, then pay': { plan: 'pro', steps: [subscribe('basic'), failToPay, pay], passing: failedMail },
  'cancel, then resume': { plan: 'pro', steps: [subscribe('pro'), cancel(true), cancel(false)], passing: toFreeMail },
  'cancel at the end': { plan: 'pro', steps: [subscribe('pro'), cancel(true)], owed: toFreeMail },
  end: { plan: 'free', steps: [subscribe('pro'), end] },
  'end, then begin again': { plan: 'basic', steps: [subscribe('pro'), end, subscribe('basic')] },
  'delete the customer': { plan: 'free', steps: [subscribe('pro'), deleteCustomer] },
  'delete the customer, then begin again': {
    plan: 'pro',
    steps: [subscribe('basic'), deleteCustomer, subscribe('pro')],
  },
  refund: { plan: 'pro', steps: [subscribe('pro'), refund()] },
  'refund a part, then all': { plan: 'pro', steps: [subscribe('pro'), refund(1_000), refund()] },
}

/** Numbers without end that follow from a seed. */
function draws(seed: number): (below: number) => number {
  let n = 0
  return (below) => createHash('sha256').update(`${seed} ${n++}`).digest().readUInt32BE() % below
}

let deliveries = 0
/**
 * Plays a story. After each step some of the events so far are handed over, in any order and some of them again, and some of
 * what was handed over is dealt with; at the end all of them, but for those that are lost.
 *
 * @returns whether any was lost
 */
async function play(life: Life, { steps }: Story, seed: number, lose: boolean): Promise<boolean> {
  const draw = draws(seed)
  const waiting: PeerEvent[] = []
  /** Of ten. */
  const losses = lose ? 2 + draw(9) : 0
  let lost = false
  const handOver = async () => {
    const [event] = waiting.splice(draw(waiting.length), 1)
    if (!event) return
    if (draw(10) < losses) {
      lost = true
      return
    }
    for (let times = draw(4) === 0 ? 2 : 1; times > 0; times--) {
      deliveries++
      await ring(app, event)
    }
    if (draw(3) === 0) await app.settle()
  }
  for (const step of steps) {
    waiting.push(...(await take(app, life, [step])).flat())
    for (let times = draw(5); times > 0 && waiting.length > 0; times--) await handOver()
  }
  while (waiting.length > 0) await handOver()
  await app.settle()
  return lost
}

t.test('however the events of a story come, its end is the same', async (t) => {
  t.setTimeout(300_000)
  let streams = 0
  const inOrder = new Map<Story, Outcome>()
  for (const [name, story] of Object.entries(stories)) {
    const life = { user: await app.user(), id: '' }
    for (const event of (await take(app, life, story.steps)).flat()) await ring(app, event)
    await app.settle()
    const end = await outcomeOf(app, life, story)
    endsAsTold(t, name, story, end)
    inOrder.set(story, end)
  }
  const isAsInOrder = async (story: Story, life: Life, name: string) =>
    t.same(await outcomeOf(app, life, story), inOrder.get(story), name)
  const waitingForSweep: { story: Story; life: Life; name: string }[] = []
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.entries(stories)),
      fc.nat(),
      fc.boolean(),
      async ([name, story], seed, lose) => {
        streams++
        const life = { user: await app.user(), id: '' }
        const lost = await play(life, story, seed, lose)
        if (lost) waitingForSweep.push({ story, life, name: `${name} after the sweep, seed ${seed}` })
        else await isAsInOrder(story, life, `${name}, seed ${seed}`)
      },
    ),
    { numRuns: 60, endOnFailure: true },
  )
  const swept = await sweepStripe(app.parts)
  t.equal(swept.failed, 0)
  t.ok(swept.repaired > 0, 'some plans were wrong until then')
  for (const { story, life, name } of waitingForSweep) await isAsInOrder(story, life, name)
  const mails = await app.db.$count(outbox)
  t.match(await sweepStripe(app.parts), { repaired: 0 }, 'and a second one finds nothing')
  t.equal(await app.db.$count(outbox), mails, 'and mails nothing')
  t.comment(
    `${streams} streams, ${deliveries} deliveries; ${waitingForSweep.length} streams lost events, and the sweep repaired ${swept.repaired} of them`,
  )
})
