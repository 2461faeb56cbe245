/** Tries all streams of a story, in the real app in front of a local Stripe. */
import { stripeEvents } from '@sath/db'
import type { PeerEvent } from '@sath/testkit/stripe'
import type { Test } from 'tap'
import { type RowKeeper, type Rows, rowKeeper } from './billing-rows.fixture.js'
import { isTelling } from './event-types.js'
import { handleEvents } from './handle-events.js'
import type { BillingApp } from './setup.fixture.js'
import { type Place, walkStreams } from './stream-walk.fixture.js'
import { endsAsTold, outcomeOf, ring, type Story, take } from './streams.fixture.js'
import { sweepStripe } from './sweep.js'

/**
 * Every order of the events of each story, before and after its later steps, each with any one event twice, and every loss,
 * mended by the sweep: all end as when they come in order. A story is played once; Stripe and the rows then go back to where a
 * stream was.
 */
export async function tryAllStreams(t: Test, app: BillingApp, stories: Readonly<Record<string, Story>>): Promise<void> {
  const rows = rowKeeper(app.db)
  const back = app.peer.remember()
  const nothing = await rows.read()
  for (const [name, story] of Object.entries(stories))
    await t.test(`${name}: the same end of every stream`, async (t) => {
      t.setTimeout(180_000)
      back()
      await rows.put(nothing)
      await tryStreams(t, app, rows, { name, story })
    })
}

interface Told {
  readonly name: string
  readonly story: Story
}

async function tryStreams(t: Test, app: BillingApp, rows: RowKeeper, { name, story }: Told): Promise<void> {
  const { db, peer, parts } = app
  const life = { user: await app.user(), id: '' }
  for (const event of (await take(app, life, story.given ?? [])).flat()) await ring(app, event)
  await app.settle()
  /** Stripe after so many steps. */
  const accounts = [peer.remember()]
  const events: { readonly event: PeerEvent; readonly name: string; readonly step: number }[] = []
  for (const [step, one] of story.steps.entries()) {
    for (const event of (await take(app, life, [one])).flat())
      if (isTelling(event.type)) events.push({ event, name: event.type, step })
      else await ring(app, event)
    accounts.push(peer.remember())
  }
  t.equal(await handleEvents(parts), false, 'of all other events nothing follows')
  // With what our own page wrote when it opened the checkout; events of before come no more.
  await db.delete(stripeEvents)
  const start = await rows.read()
  for (const { event } of events) await ring(app, event)
  await app.settle()
  await rows.read()
  const inOrder = await outcomeOf(app, life, story)
  endsAsTold(t, name, story, inOrder)

  const goTo = async ({ state, steps }: Place<Rows>) => {
    accounts[steps]?.()
    await rows.put(state)
  }
  const isAsInOrder = async ({ path }: Place<Rows>, how: string) => {
    if (!t.same(await outcomeOf(app, life, story), inOrder, `${how} ${path.join(', ')}`))
      throw new Error('one is enough')
  }
  const began = Date.now()
  const { streams, lossy, deliveries } = await walkStreams<Rows>({
    start,
    steps: story.steps.length,
    events,
    name: (state) => state.name,
    async deliver(from, n) {
      await goTo(from)
      const next = events[n]
      if (next) await ring(app, next.event)
      await handleEvents(parts)
      return rows.read()
    },
    async complete(end) {
      await goTo(end)
      await isAsInOrder(end, 'after')
    },
    async lost(end) {
      await goTo(end)
      t.equal((await sweepStripe(parts)).failed, 0)
      await rows.read()
      await isAsInOrder(end, 'swept after')
    },
  })
  t.comment(
    `${events.length} events: ${streams} streams and ${lossy} more that lose events, tried in ${deliveries} deliveries and ${Date.now() - began} ms`,
  )
}
