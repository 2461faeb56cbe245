import t from 'tap'
import { createTurns } from './turns.js'

/** Work that ends when it is told to. */
function held() {
  let end = (_: unknown) => {}
  const ended = new Promise<unknown>((resolve) => {
    end = resolve
  })
  return { ended, end }
}

t.test('one key is one queue, another key waits for nobody, and a failure is its own', async (t) => {
  const inTurn = createTurns()
  const begun: string[] = []
  const first = held()
  const work = (name: string, until?: Promise<unknown>) => async () => {
    begun.push(name)
    await until
    return name
  }
  const ends = [
    inTurn('a', async () => {
      await work('a1', first.ended)()
      throw new Error('a1 fails')
    }),
    inTurn('a', work('a2')),
    inTurn('b', work('b1')),
    inTurn('a', work('a3')),
  ]
  t.equal(await ends[2], 'b1')
  t.same(begun, ['a1', 'b1'])
  first.end(undefined)
  t.match(await Promise.allSettled(ends), [{ reason: { message: 'a1 fails' } }, { value: 'a2' }, {}, { value: 'a3' }])
  t.same(begun, ['a1', 'b1', 'a2', 'a3'])
})
