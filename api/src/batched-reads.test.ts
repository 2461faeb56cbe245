import t from 'tap'
import { batchedReads } from './batched-reads.js'

t.test('reads that come together go together, each gets its own, and a missing one is missing', async (t) => {
  const asked: (readonly string[])[] = []
  const read = batchedReads(async (keys) => {
    asked.push(keys)
    return new Map(keys.filter((key) => key !== 'x').map((key) => [key, `value of ${key}`]))
  })
  t.same(await Promise.all(['a', 'b', 'x', 'a'].map(read)), ['value of a', 'value of b', undefined, 'value of a'])
  t.same(asked, [['a', 'b', 'x']])
})

t.test('who asks while a read is under way gets a later one', async (t) => {
  const ends: (() => void)[] = []
  let version = 0
  const read = batchedReads(
    async (keys) => {
      const seen = version
      await new Promise<void>((resolve) => ends.push(resolve))
      return new Map(keys.map((key) => [key, seen]))
    },
    { atOnce: 1, most: 2 },
  )
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const early = read('a')
  await turn()
  version = 1
  const late = ['a', 'b', 'c'].map(read)
  await turn()
  t.equal(ends.length, 1, 'one at a time')
  while (ends.length < 3) {
    ends.at(-1)?.()
    await turn()
  }
  ends.at(-1)?.()
  t.equal(await early, 0)
  t.same(await Promise.all(late), [1, 1, 1], 'in two reads of at most two')
})

t.test('a failed read fails those who shared it, and the next one goes on', async (t) => {
  let fails = true
  const read = batchedReads(async (keys) => {
    if (fails) throw new Error('away')
    return new Map(keys.map((key) => [key, key]))
  })
  await t.rejects(Promise.all([read('a'), read('b')]), { message: 'away' })
  fails = false
  t.equal(await read('a'), 'a')
})
