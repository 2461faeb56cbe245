import { randomUUID } from 'node:crypto'
import { type BacktestReport, createBacktest, createReport, exactOdds, oddsPresets } from '@sath/backtest'
import type { BacktestJob, SimulationJob } from '@sath/contracts'
import type { BotConfig, Candle } from '@sath/core'
import { type ComputeKind, ensureDays, grantPlan, jobRepository, storeCandles, userRepository } from '@sath/db'
import { openTestDatabase } from '@sath/db/testing'
import { until, walk } from '@sath/testkit'
import { pino } from 'pino'
import t from 'tap'
import { openPool } from './pool.js'
import { openWorker } from './worker.js'

const database = await openTestDatabase(t)
const { db } = database
const actor = { id: null, address: null, agent: null }
const day = 86_400_000
const start = Date.UTC(2024, 0, 1)
const minutes = { AAA: walk(5 * 1440, { start, seed: 7 }), BBB: walk(2 * 1440, { start: start + day, seed: 8 }) }
await ensureDays(
  db,
  'candles',
  [0, 1, 2, 3, 4].map((n) => start + n * day),
)
for (const [symbol, candles] of Object.entries(minutes))
  await storeCandles(
    db,
    'replay',
    candles.map((candle) => ({ symbol, timeframe: 'M1', candle })),
  )

const pool = openPool({ databaseUrl: database.url, threads: 2, memoryMiB: 256 })
const log = pino({ level: 'silent' })
const timing = { threads: 2, timeLimitMs: 60_000, renewEveryMs: 20, sweepEveryMs: 100 }
const worker = await openWorker({ database, pool, log, owner: randomUUID(), ...timing })
t.teardown(() => worker.close())

async function tenant(): Promise<string> {
  const email = `${randomUUID()}@example.com`
  const user = await userRepository(db).create({ email, passwordHash: 'x', verified: true })
  return user!.id
}

async function compute(kind: ComputeKind, input: object, as?: string) {
  const jobs = jobRepository(db, as ?? (await tenant()), kind)
  const { id } = await jobs.request(actor, { ...input })
  return until('an end', async () => {
    const job = await jobs.find(id)
    return job?.finishedAt && job
  })
}

const strategy = {
  id: randomUUID(),
  name: 'crossing',
  enabled: true,
  strategy: 'ema-cross',
  params: {},
  symbols: ['AAA', 'BBB'],
  timeframe: 'M5',
  instrument: 'binary',
  expiryCandles: 1,
  stake: '1.00',
  martingale: { plan: 'classic', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2 },
  risk: {},
} as const
const config: BotConfig = { mode: 'paper', onStop: 'keep', capital: '100.00', risk: {}, strategies: [strategy] }
const backtest = (over: Partial<BacktestJob> = {}): BacktestJob => ({
  config,
  defaultSource: 'replay',
  payout: '0.85',
  spread: '0',
  maxStake: null,
  from: null,
  to: null,
  optimise: null,
  ...over,
})

/** The same back-test over the same candles without a database. */
function inMemory(from = start, to = Number.POSITIVE_INFINITY): BacktestReport {
  const input = { config, defaultSource: 'replay', payout: '0.85', spread: '0' }
  const report = createReport(input)
  const run = createBacktest(input, report)
  const all = Object.entries(minutes).flatMap(([symbol, candles]) =>
    candles.map((candle: Candle) => ({ symbol, candle })),
  )
  all.sort((a, b) => a.candle.time - b.candle.time || (a.symbol < b.symbol ? -1 : 1))
  for (const { symbol, candle } of all)
    if (candle.time >= from && candle.time < to) run.push({ source: 'replay', symbol, timeframe: 'M1' }, candle)
  run.finish()
  return report.report()
}

t.test('a back-test over stored candles is that of the candles themselves', async (t) => {
  const whole = await compute('backtest', backtest())
  t.equal(whole.status, 'done', JSON.stringify(whole.result))
  const { series, candles, ...report } = whole.result as Record<string, unknown>
  t.same(report, JSON.parse(JSON.stringify(inMemory())))
  t.match(series, [{ symbol: 'AAA' }, { symbol: 'BBB' }])
  t.equal(candles, 7 * 1440)
  t.ok((report.trades as number) > 30)
  const [from, to] = [start + 1.5 * day, start + 3 * day]
  const part = await compute(
    'backtest',
    backtest({ from: new Date(from).toISOString(), to: new Date(to).toISOString() }),
  )
  t.equal(part.result?.decisionHash, inMemory(from, to).decisionHash)
})

t.test('without candles it says of what and of when', async (t) => {
  const elsewhere = { ...config, strategies: [{ ...strategy, symbols: ['CCC'] }] }
  const none = await compute('backtest', backtest({ config: elsewhere }))
  t.match(none, { status: 'failed', result: { error: 'No candles stored for CCC (replay).' } })
  const from = '2023-01-01T00:00:00.000Z'
  const to = '2023-01-03T00:00:00.000Z'
  t.match(await compute('backtest', backtest({ from, to })), {
    status: 'failed',
    result: { error: `No candles stored for AAA (replay), BBB (replay) from ${from} to ${to}.` },
  })
  t.match(await compute('backtest', backtest({ defaultSource: null })), {
    result: { error: /^No candles stored for AAA, BBB/ },
  })
})

t.test('the plan that counts is the one at the time of the work', async (t) => {
  const tenantId = await tenant()
  const wide = backtest({ from: new Date(start - 10 * day).toISOString() })
  t.match(await compute('backtest', wide, tenantId), {
    status: 'failed',
    result: { error: /historyDays: the plan has 7/ },
  })
  await grantPlan(db, tenantId, { planId: 'basic' })
  t.equal((await compute('backtest', wide, tenantId)).status, 'done')
})

t.test('what is not understood fails at once', async (t) => {
  t.match(await compute('backtest', { anything: 1 }), { status: 'failed', result: { error: /not understood/ } })
})

t.test('a search is walked forward over the same candles', async (t) => {
  const search = {
    search: 'grid' as const,
    ranges: { fast: { from: 5, to: 9, step: 2 } },
    variants: 5,
    windows: 2,
    trainShare: 0.7,
    score: 'mean-return' as const,
    minTrades: 5,
    seed: 1,
  }
  const { status, result } = await compute('backtest', backtest({ optimise: search }))
  t.equal(status, 'done', JSON.stringify(result))
  t.equal(result?.decisionHash, inMemory().decisionHash)
  t.match(result?.optimise, { variantsTried: 3, windows: [{}, {}], outOfSample: { trades: Number }, sentence: String })
})

t.test('a simulation says that its win rate was put in', async (t) => {
  const classic = oddsPresets[0]!
  const { winRate, ...odds } = { ...classic.input, scenarios: 2_000 }
  const given: SimulationJob = { odds, exact: true, winRate: { origin: 'given', value: winRate } }
  const { result, status } = await compute('simulation', given)
  t.equal(status, 'done', JSON.stringify(result))
  const report = result as { monteCarlo: { mean: number; standardError: number }; exact: object; sentence: string }
  t.ok(Math.abs(report.monteCarlo.mean - 4266.0059) < 4 * report.monteCarlo.standardError)
  t.same(report.exact, exactOdds(classic.input))
  t.match(report.sentence, /80\.00 % was put in, not measured/)
  const preset: SimulationJob = {
    odds,
    exact: false,
    winRate: { origin: 'preset', value: winRate, preset: classic.id },
  }
  const named = (await compute('simulation', preset)).result
  t.match(named?.sentence, /the classic 80 %.*it was not measured/)
  t.notOk(named && 'exact' in named)
  const changed = (await compute('simulation', { ...preset, odds: { ...odds, capital: 4000 } })).result
  t.match(changed?.sentence, /put in, not measured on your market/)
  t.notMatch(changed?.sentence, /4266/, 'what the preset says of itself holds for it as it is')
})

t.test('a win rate is measured with its interval, and the odds are those of all three', async (t) => {
  const flat = { ...config, strategies: [{ ...strategy, symbols: ['AAA'] }] }
  const { winRate: _, ...odds } = { ...oddsPresets[0]!.input, scenarios: 500 }
  const job: SimulationJob = {
    odds,
    exact: false,
    winRate: { origin: 'measured', backtest: backtest({ config: flat }) },
  }
  const { result, status } = await compute('simulation', job)
  t.equal(status, 'done', JSON.stringify(result))
  const { input, winRate, monteCarlo, low, high, sentence } = result as Record<string, Record<string, number>>
  t.ok(winRate!.low! < winRate!.value! && winRate!.value! < winRate!.high!)
  t.ok(low!.mean! < monteCarlo!.mean! && monteCarlo!.mean! < high!.mean!)
  t.equal(input!.tieRate, 0, 'ties as the job says')
  t.match(sentence, /was measured: ema-cross on AAA, \d+ decided trades\. Break-even is .*interval/)
  const eager = { ...config, strategies: [{ ...strategy, symbols: ['AAA'], timeframe: 'M1' as const }] }
  const { tieRate: __, ...untied } = odds
  const measured = { origin: 'measured', backtest: backtest({ config: eager }) }
  const { result: untold } = await compute('simulation', { ...job, odds: untied, winRate: measured })
  const found = untold as Record<string, Record<string, number>>
  const { value, tieRate } = found.winRate!
  t.ok(tieRate! > 0)
  t.match(
    found.input,
    { tieRate, winRate: value! * (1 - tieRate!) },
    'or as they were measured beside the decided trades',
  )
  const silent = { ...config, strategies: [{ ...strategy, symbols: ['AAA'], params: { fast: 199, slow: 200 } }] }
  const short = backtest({ config: silent, to: new Date(start + 3_600_000).toISOString() })
  t.match(await compute('simulation', { ...job, winRate: { origin: 'measured', backtest: short } }), {
    status: 'failed',
    result: { error: /No trade was decided: ema-cross on AAA/ },
  })
})
