import type { Db, NewStripeEvent } from '@sath/db'
import t from 'tap'
import { createEventIntake } from './event-intake.js'

const event = (id: string) => ({ id, type: 'x', livemode: false, apiVersion: null, customerId: null, json: '{}' })

/** A database that has these against the events it is to store; undefined: nothing. */
function databaseWith(fault: (sql: string) => Error | undefined) {
  const statements: string[] = []
  const execute = async (query: { queryChunks: unknown[] }) => {
    const sql = JSON.stringify(query.queryChunks)
    statements.push(sql)
    const error = fault(sql)
    if (error) throw error
    return [...sql.matchAll(/evt_\w+/g)].map(([id]) => ({ id }))
  }
  return { db: { execute } as unknown as Db, statements }
}
const ends = (keep: (event: NewStripeEvent) => Promise<boolean>, ids: readonly string[]) =>
  Promise.all(ids.map((id) => keep(event(id)).catch((error: Error) => error.message)))

t.test('of events that come together each is told whether it is new', async (t) => {
  const { db, statements } = databaseWith(() => undefined)
  t.same(await ends(createEventIntake(db).keep, ['evt_a', 'evt_b', 'evt_a']), [true, true, false])
  t.equal(statements.length, 1)
})

t.test('one that cannot be stored takes no other with it', async (t) => {
  const { db } = databaseWith((sql) => (sql.includes('evt_bad') ? new Error('no') : undefined))
  t.same(await ends(createEventIntake(db).keep, ['evt_a', 'evt_bad', 'evt_b']), [true, 'no', true])
})

t.test('without a database all are refused at once, so that Stripe soon rings again', async (t) => {
  const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED', query: '' })
  const { db, statements } = databaseWith(() => away)
  t.same(await ends(createEventIntake(db).keep, ['evt_a', 'evt_b', 'evt_c']), ['away', 'away', 'away'])
  t.equal(statements.length, 1)
})
