import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BotConfig } from '@sath/core'
import { saveConfig as saveAnyConfig } from '@sath/db'
import { configErrors } from '@sath/engine'
import { candles, type Teardown, until } from '@sath/testkit'
import t from 'tap'
import {
  type Client,
  dualMartingale,
  everything,
  expectStatus,
  type Json,
  newSubscriber,
  type StrategyOverrides,
  saveConfig,
  signIn,
  untilStatus,
} from './client.js'
import { containerPid, limitsOf, removeContainersOf } from './containers.js'
import { admin, dockerHost } from './sath.js'
import { type SathWithStripe, startSathWithStripe } from './sath-with-stripe.js'

const nobody = { id: null, address: null, agent: null }
const skip = dockerHost ? false : 'no Docker engine'
const dayMs = 86_400_000
/** What a change of plan may take until the running bot has it. */
const promptMs = 5_000
/** Market minutes a second, and after how many an option of the strategy Gamma expires: some ten seconds. */
const [speed, gammaMinutes] = [10, 100]

t.setTimeout(300_000)

t.test('a plan rises and falls under a running bot, from Stripe to its container', { skip }, async (t) => {
  const { sath, subscriber, root } = await setup(t)
  const [ada, bob] = [await subscriber(), await subscriber()]
  await saveConfig(ada, three('close', { strategies: [alpha()] }))
  await expectStatus(202, ada.call('POST', '/bot/start'))
  const { run } = await untilStatus(ada, 'the bot runs', ({ status }) => status === 'running', 60_000)
  const pid = await containerPid(run.containerId)
  t.same(await limitsOf(run.containerId), { memoryMiB: 128, cpu: 0.25 }, 'what Free gives')
  await expectStatus(200, root.call('PUT', `/admin/users/${bob.userId}`, { plan: 'pro', planDays: 1 }))
  await saveConfig(bob, three('keep'))
  await expectStatus(202, bob.call('POST', '/bot/start'))

  const refused = await eventually('what Free has no room for', async () =>
    (await ada.get('/decisions?limit=20')).items.find(({ outcome }: Json) => outcome === 'trades-per-day'),
  )
  t.equal(refused.reason, 'the plan allows 10 trades a day')
  const before = (await tradesOf(ada)).length
  const { body } = await expectStatus(200, ada.call('POST', '/billing/subscribe', { plan: 'pro', cycle: 'monthly' }))
  const paidAt = performance.now()
  t.ok(sath.stripe.completeCheckout(new URL(body.checkoutUrl).pathname.split('/').at(-1) ?? ''))
  const [more] = await Promise.all([
    eventually('a trade that Free refused', async () => {
      const trades = await tradesOf(ada)
      return trades.length > before && trades.at(-1)
    }),
    eventually('what Pro gives', async () => (await limitsOf(run.containerId)).memoryMiB === 256),
  ])
  const tookMs = performance.now() - paidAt
  t.ok(tookMs < promptMs, `in force in the bot after ${Math.round(tookMs)} ms`)
  t.equal(more.signalTime.slice(0, 10), refused.from.slice(0, 10), 'on the day on which Free had refused')
  t.same(await limitsOf(run.containerId), { memoryMiB: 256, cpu: 0.5 })
  await isUnbroken(ada)

  await saveConfig(ada, three('close'))
  for (const client of [ada, bob]) await hasOpenPositions(client)
  const { effects } = await ada.get('/billing/preview?plan=free&cycle=monthly')
  const open = await ofPaused(ada)
  for (const { id, instrument } of open) {
    const foretold = effects.positions.find(({ tradeId }: Json) => tradeId === id)
    if (foretold) t.equal(foretold.fate, instrument === 'spot' ? 'closed' : 'kept', `foretold of ${instrument}`)
  }
  t.match(
    effects.strategies.map(({ name, after }: Json) => [name, after]),
    [
      ['Alpha', 'stays'],
      ['Beta', 'paused'],
      ['Gamma', 'paused'],
    ],
  )
  await expectStatus(200, ada.call('POST', '/billing/cancel'))
  sath.stripe.advance(32 * dayMs)
  await endPlans(sath, [bob])
  for (const client of [ada, bob]) {
    const fallen = await untilStatus(client, 'paused strategies', ({ conditions }) =>
      conditions.some(({ type }: Json) => type === 'strategies-paused'),
    )
    t.match(fallen, { status: 'running', hold: null, mode: 'paper' })
    t.match(
      fallen.conditions.find(({ type }: Json) => type === 'strategies-paused').message,
      /no new trades on the plan Free: Beta, Gamma\./,
    )
  }
  const known = new Map(await Promise.all([ada, bob].map(async (one) => [one, await ofPaused(one)] as const)))
  t.ok(known.get(ada)?.some(isOpenOption) && known.get(bob)?.some(isOpenOption), 'options are open at the fall')
  await eventually('the positions that are to be closed', async () => !(await tradesOf(ada)).some(isOpenSpot))
  t.ok((await tradesOf(bob)).some(isOpenSpot), 'whoever keeps positions has them')
  for (const client of [ada, bob]) {
    await eventually('the expiry of the options', async () => !(await ofPaused(client)).some(isOpenOption))
    const trades = await ofPaused(client)
    t.equal(trades.length, known.get(client)?.length, 'paused strategies enter nothing more')
    for (const option of trades.filter(({ instrument }) => instrument === 'binary')) {
      t.match(option.status, /^(win|loss|tie)$/)
      t.equal(option.closedAt, option.expiresAt, 'at its own end')
    }
  }
  t.same(await limitsOf(run.containerId), { memoryMiB: 256, cpu: 0.5 }, 'what runs keeps what it may be using')
  await isUnbroken(ada)

  async function isUnbroken(client: Client): Promise<void> {
    const status = await client.get('/bot/status')
    t.match(status, { status: 'running', run: { id: run.id, epoch: 1, containerId: run.containerId } }, 'the same run')
    t.equal(await containerPid(run.containerId), pid, 'the same process')
  }
})

t.test(
  'a live bot is stopped and held when its plan ends: its row is written past the check that has no live broker, its positions are on the paper venue',
  { skip },
  async (t) => {
    const { sath, subscriber, root } = await setup(t)
    const [closing, keeping] = [await subscriber(), await subscriber()]
    for (const [client, onStop] of [
      [closing, 'close'],
      [keeping, 'keep'],
    ] as const) {
      await expectStatus(200, root.call('PUT', `/admin/users/${client.userId}`, { plan: 'basic' }))
      const live = three(onStop, { mode: 'live' })
      const refused = await client.call('PUT', '/bot/config', { version: 0, config: live })
      t.match(refused, { status: 422, body: { code: 'not-available' } })
      const rules = { planCheck: configErrors, liveAllowed: true }
      await saveAnyConfig(sath.database.db, client.userId, nobody, { version: 0, config: live }, rules)
      await expectStatus(202, client.call('POST', '/bot/start'))
    }
    for (const client of [closing, keeping]) await hasOpenPositions(client)
    await endPlans(sath, [closing, keeping])

    for (const client of [closing, keeping]) {
      const held = await untilStatus(client, 'the hold', ({ hold }) => hold === 'billing', promptMs)
      t.match(held, { desired: 'stopped', mode: 'live' }, 'never on paper')
      const { status, mode, lastStop } = await untilStatus(client, 'a proof', (now) => now.lastStop?.proven, 90_000)
      t.match([status, mode], ['stopped', 'live'])
      t.match(lastStop, { exitCode: 0, by: 'system', openOrders: 0, problems: [] })
      const kept = new Set(lastStop.positionsKept.map(({ tradeId }: Json) => tradeId))
      const entered = (await tradesOf(client)).filter(({ openedAt }) => openedAt !== null)
      const spot = entered.filter(({ instrument }) => instrument === 'spot')
      if (client === closing) {
        t.equal(lastStop.positionsClosed, spot.length)
        t.ok(spot.every(({ status, id }) => status !== 'open' && !kept.has(id)))
      } else {
        t.equal(lastStop.positionsClosed, 0)
        t.ok(spot.every(({ status, id }) => status === 'open' && kept.has(id)))
      }
      const options = entered.filter(({ instrument, id }) => instrument === 'binary' && kept.has(id))
      t.ok(options.length > 0, 'options cannot be closed')
      t.ok(
        lastStop.positionsKept.every(({ expiresAt }: Json) => expiresAt),
        'each with its own end',
      )
      await eventually(
        'the expiry of what is kept, without a bot',
        async () => !(await tradesOf(client)).some(isOpenOption),
      )
      t.match(await client.call('POST', '/bot/start'), { status: 409, body: { code: 'held' } })
    }

    await expectStatus(200, root.call('PUT', `/admin/users/${closing.userId}`, { plan: 'pro' }))
    await untilStatus(closing, 'the release by the plan', ({ hold }) => hold === null, promptMs)
    await saveConfig(keeping, three('keep', { strategies: [alpha()] }))
    t.match(
      await keeping.get('/bot/status'),
      { hold: null, desired: 'stopped' },
      'the release by a paper configuration',
    )
    for (const [client, mode] of [
      [closing, 'live'],
      [keeping, 'paper'],
    ] as const) {
      await expectStatus(202, client.call('POST', '/bot/start'))
      const again = await untilStatus(client, 'it to run', ({ status }) => status === 'running', 60_000)
      t.match(again, { mode, hold: null, run: { epoch: 2 } })
    }
  },
)

interface Setup {
  readonly sath: SathWithStripe
  /** The administrator. */
  readonly root: Client
  /** Somebody new, whose bot ends with the test. */
  subscriber(): Promise<Client>
}

/** Sath with a Stripe, an administrator, and a market that goes up and down. */
async function setup(t: Teardown): Promise<Setup> {
  const tenants: string[] = []
  // Registered first, so done last: a stop of Sath leaves bots running.
  t.teardown(() => Promise.all(tenants.map(removeContainersOf)))
  const sath = await startSathWithStripe(t, { engine: 'docker', feed: waves(t) })
  return {
    sath,
    root: await signIn(sath.url, admin.email, admin.password),
    async subscriber() {
      const client = await newSubscriber(sath.url)
      tenants.push(client.userId)
      return client
    },
  }
}

/** Twenty minutes from top to top, for four days. */
function waves(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'sath-waves-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const closes = [...Array(4 * 1_440).keys()].map((n) => Math.round(10_000 + 100 * Math.sin((n * Math.PI) / 10)) / 100)
  const rows = candles(closes).map(({ time, open, high, low, close, volume }) =>
    [time, open, high, low, close, volume].join(','),
  )
  const files = ['BTCUSDT', 'ETHUSDT'].map((symbol) => join(folder, `${symbol}_M1.csv`))
  for (const file of files) writeFileSync(file, `time,open,high,low,close,volume\n${rows.join('\n')}\n`)
  return `replay:${files.join(',')}?speed=${speed}`
}

/** Signals at every turn of the waves. */
function strategy(over: StrategyOverrides): BotConfig['strategies'][number] {
  const martingale = { plan: 'none', ladder: 'single', next: 'signal', multiplier: '2.0', maxLevel: 0 } as const
  const [one] = dualMartingale({ params: { fast: 2, slow: 4 }, martingale, ...over }).strategies
  if (!one) throw new Error('no strategy')
  return one
}

function alpha() {
  return strategy({ name: 'Alpha' })
}

/** One that Free has room for, one that opens positions, and one whose options are open for a while. */
function three(onStop: BotConfig['onStop'], over: Partial<BotConfig> = {}): BotConfig {
  const beta = strategy({
    name: 'Beta',
    symbols: ['ETHUSDT'],
    instrument: 'spot',
    timeframe: 'M15',
    expiryCandles: 100,
    risk: { maxTradesPerDay: 2 },
  })
  const gamma = strategy({ name: 'Gamma', expiryCandles: gammaMinutes })
  return dualMartingale({}, { onStop, strategies: [alpha(), beta, gamma], ...over })
}

/** The plans that an administrator gave them run out now. */
async function endPlans({ database }: SathWithStripe, clients: readonly Client[]): Promise<void> {
  for (const { userId } of clients)
    await database.sql`update plan_grants set ends_at = clock_timestamp() where tenant_id = ${userId} and source = 'admin'`
}

/** Oldest first. */
const tradesOf = (client: Client) => everything(client, '/trades')

/** Of the strategies that Free has no room for. */
async function ofPaused(client: Client): Promise<Json[]> {
  const { config } = await client.get('/bot/config')
  const [, ...paused] = config.strategies.map(({ id }: Json) => id)
  return (await tradesOf(client)).filter(({ strategyId }) => paused.includes(strategyId))
}

async function hasOpenPositions(client: Client): Promise<void> {
  await eventually('a position and an option that are open', async () => {
    const trades = await tradesOf(client)
    return trades.some(isOpenSpot) && trades.some(isOpenOption)
  })
}

/** Asked often enough to see it, and seldom enough for the limit on requests. */
function eventually<T>(what: string, condition: () => T | Promise<T>) {
  return until(what, condition, { timeoutMs: 60_000, everyMs: 200 })
}

const isOpenSpot = ({ instrument, status, openedAt }: Json) => instrument === 'spot' && status === 'open' && openedAt
const isOpenOption = ({ instrument, status }: Json) => instrument === 'binary' && ['open', 'pending'].includes(status)
