import t from 'tap'
import { outboxRepository } from './outbox-repository.js'
import { claimStripeEvents, storeStripeEvents } from './stripe-event-repository.js'
import { openTestDatabase } from './testing.js'

/** Half of all moments are stored as later than they are. */
const rounds = Array.from({ length: 20 }, (_, n) => n)

t.test('what is written in this very moment is due in it', async (t) => {
  const { db } = await openTestDatabase(t)
  for (const n of rounds)
    await db.transaction(async (tx) => {
      const event = { id: `evt_${n}`, type: 'x', livemode: false, apiVersion: null, customerId: null, json: '{}' }
      await storeStripeEvents(tx, [event])
      t.match(await claimStripeEvents(tx, { owner: 'w', seconds: 60 }), { events: [{ id: event.id }] })
      await outboxRepository(tx).add({ to: `${n}@example.com`, subject: 's', text: 'x' })
      t.match(await outboxRepository(tx).claimDue(1), [{ toAddress: `${n}@example.com` }])
    })
})
