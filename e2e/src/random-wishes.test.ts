import { money } from '@sath/core'
import { sharedData } from '@sath/testkit'
import t from 'tap'
import {
  type Client,
  dualMartingale,
  everything,
  expectStatus,
  type Json,
  newSubscriber,
  saveConfig,
  signIn,
  untilStatus,
} from './client.js'
import { faultsOf } from './coverage-of-candles.js'
import { ladderFaults } from './ladder-faults.js'
import { admin, docker, dockerHost, startSath } from './sath.js'

const recording = sharedData('candles', 'BTCUSDT_M1_2024-12_binance.csv')
const skip = !dockerHost ? 'no Docker engine' : !recording ? 'no recorded candles' : false
const seed = Number(process.env.SATH_TEST_SEED ?? 20_241_201)
const wishMs = 25_000

t.setTimeout(300_000)

t.test(
  'whatever order wishes come in, one container at most, and at the end it is stopped and nothing is wrong',
  { skip },
  async (t) => {
    t.comment(`seed ${seed}`)
    const sath = await startSath(t, { engine: 'docker', feed: `replay:${recording}?speed=40` })
    const root = await signIn(sath.url, admin.email, admin.password)
    const people = await Promise.all([1, 2, 3].map(() => newSubscriber(sath.url)))
    for (const person of people) {
      await expectStatus(200, root.call('PUT', `/admin/users/${person.userId}`, { plan: 'enterprise' }))
      await saveConfig(person, dualMartingale({ params: { fast: 3, slow: 8 } }))
    }

    const watch = watchContainers(people)
    const counts = await Promise.all(people.map((person, index) => wishAtRandom(person, seed + index)))
    t.comment(`wishes: ${counts.join(', ')}`)
    for (const person of people) await expectStatus(202, person.call('POST', '/bot/stop'))
    for (const person of people) {
      const { lastStop } = await untilStatus(
        person,
        'stopped, with proof',
        (status) => status.status === 'stopped' && status.run === null && status.lastStop?.proven,
        60_000,
      )
      t.match(lastStop, { openOrders: 0, problems: [] })
    }
    const { crowded, sightings } = await watch.end()
    t.same(crowded, [], 'never two containers of one bot')
    t.ok(sightings > 20, `bots were seen ${sightings} times`)

    let settled = 0
    for (const person of people) {
      t.same(faultsOf(await everything(person, '/decisions')), [], 'every candle has exactly one decision')
      const trades = await allTrades(person)
      settled += trades.filter(({ status }) => status === 'win' || status === 'loss').length
      t.equal(new Set(trades.map(({ signalTime }) => signalTime)).size, trades.length, 'no signal was traded twice')
      t.same(
        trades.filter(({ status }) => status === 'pending' || status === 'unknown'),
        [],
        'no order is forgotten',
      )
      t.same(ladderFaults(trades, 60_000, 2), [], 'every level follows from the results before it')
      const { balance, startBalance } = (await person.get('/bot/accounts')).items[0]
      const profit = trades.reduce((sum, trade) => money.add(sum, trade.profit ?? '0'), '0')
      t.equal(money.compare(balance, money.add(startBalance, profit)), 0, 'every result moved the balance once')
    }
    t.ok(settled > 20, `${settled} trades were settled`)
  },
)

/** Start, stop and restart, one after the other, in an order and at moments that the seed decides. Returns how many. */
async function wishAtRandom(client: Client, seed: number): Promise<number> {
  const random = randomFrom(seed)
  const end = performance.now() + wishMs
  let wishes = 0
  while (performance.now() < end) {
    const wish = ['start', 'start', 'restart', 'stop'][Math.floor(random() * 4)]
    await expectStatus(202, client.call('POST', `/bot/${wish}`))
    wishes++
    // Mostly before the one before it is carried out; now and then long enough to trade.
    const ms = random() < 0.7 ? random() * 400 : random() * 4_000
    await new Promise((resolve) => setTimeout(resolve, ms))
  }
  return wishes
}

/** Looks at the engine again and again: whose containers are there, whatever their state? */
function watchContainers(people: readonly Client[]) {
  const crowded: string[] = []
  let sightings = 0
  let watching = true
  const done = (async () => {
    while (watching) {
      const listed = await docker().listContainers({ all: true, filters: { label: ['sath.tenant'] } })
      for (const { userId } of people) {
        const own = listed.filter(({ Labels }) => Labels['sath.tenant'] === userId)
        sightings += own.length
        if (own.length > 1) crowded.push(own.map(({ Id, State }) => `${Id} ${State}`).join(', '))
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  return {
    async end() {
      watching = false
      await done
      return { crowded, sightings }
    },
  }
}

async function allTrades(client: Client): Promise<Json[]> {
  const items: Json[] = []
  let cursor = ''
  do {
    const page = await client.get(`/trades?limit=100${cursor}`)
    items.push(...page.items)
    cursor = page.nextCursor ? `&cursor=${encodeURIComponent(page.nextCursor)}` : ''
  } while (cursor)
  return items
}

/** A linear congruential generator: 0 ≤ x < 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
