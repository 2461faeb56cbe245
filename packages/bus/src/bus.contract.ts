import { until } from '@sath/testkit'
import type { Test } from 'tap'
import type { Bus } from './bus.js'

/** Two ends of one bus; a bus within one process is both ends itself. */
export type MakeBus = () => Promise<{ here: Bus; there: Bus }>

/** What every bus must hold. Closes what it is given. */
export async function busContract(t: Test, make: MakeBus): Promise<void> {
  async function ends(t: Test) {
    const { here, there } = await make()
    t.teardown(() => Promise.all([here.close(), there.close()]))
    return { here, there }
  }

  /** A subscription needs a moment to travel: knocks until it is heard, so that what follows is not lost. */
  async function connected(from: Bus, to: Bus) {
    let heard = false
    const end = to.subscribe('knock', () => {
      heard = true
    })
    await until('the ends to hear each other', () => {
      from.publish('knock', null)
      return heard
    })
    end()
  }

  await t.test('carries data to a topic of the other side, in order', async (t) => {
    const { here, there } = await ends(t)
    const got: unknown[] = []
    there.subscribe('trades:a', (data, topic) => got.push([topic, data]))
    there.subscribe('trades:ab', () => got.push('wrong topic'))
    await connected(here, there)
    for (let n = 0; n < 100; n++) here.publish('trades:a', { n, text: 'ü\n"' })
    await until('100 messages', () => got.length === 100)
    t.same(
      got,
      [...Array(100).keys()].map((n) => ['trades:a', { n, text: 'ü\n"' }]),
    )
  })

  await t.test('carries every topic under a prefix', async (t) => {
    const { here, there } = await ends(t)
    const got: string[] = []
    there.subscribe('candles:b*n[a]:', (_, topic) => got.push(topic))
    await connected(here, there)
    for (const topic of ['candles:b*n[a]:BTC:M1', 'candles:bin:BTC:M1', 'candles:b*n[a]', 'candles:b*n[a]:ETH'])
      here.publish(topic, 1)
    await until('the last one', () => got.includes('candles:b*n[a]:ETH'))
    t.same(got, ['candles:b*n[a]:BTC:M1', 'candles:b*n[a]:ETH'])
  })

  await t.test('lets the publisher hear itself, once and not at once', async (t) => {
    const { here } = await ends(t)
    const got: unknown[] = []
    here.subscribe('self', (data) => got.push(data))
    await connected(here, here)
    here.publish('self', 1)
    t.same(got, [], 'not within publish')
    here.publish('self', 2)
    await until('both', () => got.length >= 2)
    t.same(got, [1, 2])
  })

  await t.test('gives each handler its own data, and outlives a failing one', async (t) => {
    const { here, there } = await ends(t)
    const got: unknown[] = []
    const spoil = (data: unknown) => {
      ;(data as { list: number[] }).list.push(9)
      throw new Error('handler fails')
    }
    there.subscribe('x', spoil)
    there.subscribe('x', (data) => got.push(data))
    await connected(here, there)
    const sent = { list: [1] }
    here.publish('x', sent)
    sent.list.push(2)
    await until('the message', () => got.length === 1)
    t.same(got, [{ list: [1] }])
  })

  await t.test('ends one subscription and not its twin', async (t) => {
    const { here, there } = await ends(t)
    const got: string[] = []
    const end = there.subscribe('x', () => got.push('first'))
    there.subscribe('x', () => got.push('second'))
    await connected(here, there)
    end()
    end()
    here.publish('x', 1)
    await until('the second', () => got.length > 0)
    t.same(got, ['second'])
  })

  await t.test('is silent once closed', async (t) => {
    const { here, there } = await ends(t)
    let heard = 0
    there.subscribe('x', () => heard++)
    await connected(here, there)
    await there.close()
    await here.close()
    here.publish('x', 1)
    there.publish('x', 1)
    await new Promise(setImmediate)
    t.equal(heard, 0)
  })
}
