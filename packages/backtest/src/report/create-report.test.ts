import { type BotConfig, timeframeMs } from '@sath/core'
import type { Decided } from '@sath/engine'
import t from 'tap'
import type { BacktestInput, BacktestTrade } from '../index.js'
import { createReport } from './create-report.js'
import { maxEquityPoints } from './timeline.js'
import { trade } from './trade.fixture.js'

const bar = timeframeMs('M5')
const hour = timeframeMs('H1')

const strategy = (id: string): BotConfig['strategies'][number] => ({
  id,
  name: `Strategy ${id}`,
  enabled: true,
  strategy: 'ema-cross',
  params: {},
  symbols: ['EURUSD', 'BTCUSDT'],
  timeframe: 'M5',
  instrument: 'binary',
  expiryCandles: 1,
  stake: '10.00',
  martingale: { plan: 'none', ladder: 'single', next: 'signal', multiplier: '2.0', maxLevel: 0 },
  risk: {},
})

const input: BacktestInput = {
  config: { mode: 'paper', onStop: 'close', capital: '100.00', risk: {}, strategies: [strategy('b'), strategy('a')] },
  defaultSource: 'test',
  payout: '0.85',
  spread: '0',
}

/** Tells of trades as a back-test does: each opens and closes, then the bar of its close is over. */
function told(trades: readonly BacktestTrade[], until = 0) {
  const report = createReport(input)
  report.bar?.(bar)
  for (const each of trades) {
    if (each.openedAt !== null) report.opened?.({ ...each, status: 'open', profit: '0', closedAt: null })
    report.closed?.(each)
    report.bar?.(each.closedAt ?? 0)
  }
  if (until > 0) report.bar?.(until)
  return report.report()
}

/** One trade a bar. */
const inTurn = (statuses: readonly BacktestTrade['status'][]) =>
  statuses.map((status, index) => trade({ status, openedAt: (index + 1) * bar }))

t.test('a run worked by hand', (t) => {
  const report = told(inTurn(['win', 'win', 'loss', 'tie', 'loss', 'loss', 'win', 'cancelled']), 17 * bar)
  t.match(report, {
    trades: 7,
    wins: 3,
    losses: 3,
    ties: 1,
    cancelled: 1,
    winRate: { value: 0.5 },
    profit: '-4.50',
    finalEquity: '95.50',
    profitFactor: 25.5 / 30,
    turnover: '70.00',
    // 117 after two wins, 87 after three losses.
    maxDrawdown: { amount: '30.00', from: 3 * bar, to: 7 * bar },
    longestStreaks: { wins: 2, losses: 3 },
    // From 1 to 17 bars; open in bars 1 to 9.
    exposure: { timeShare: 0.5, maxAtStake: '10.00' },
    from: bar,
    to: 17 * bar,
    verdict: { code: 'too-few' },
  })
  t.ok(Math.abs(report.maxDrawdown.percent - 3_000 / 117) < 1e-9)
  t.ok(Math.abs((report.breakEvenRate ?? 0) - 1 / 1.85) < 1e-12)
  t.same(
    report.equity.map(({ equity }) => equity),
    ['100.00', '108.50', '117.00', '107.00', '107.00', '97.00', '87.00', '95.50', '95.50', '95.50'],
  )
  t.same(JSON.parse(JSON.stringify(report)), report, 'a report is JSON')
  t.end()
})

t.test('a run without trades', (t) => {
  const report = told([], 10 * bar)
  t.match(report, {
    trades: 0,
    winRate: null,
    breakEvenRate: null,
    meanReturn: null,
    profit: '0.00',
    profitFactor: null,
    sharpe: null,
    sortino: null,
    maxDrawdown: { amount: '0.00', percent: 0, from: null, to: null },
    exposure: { timeShare: 0, maxAtStake: '0.00' },
    byStrategy: [],
    bySymbol: [],
    byHour: [],
  })
  t.same(
    report.equity.map(({ equity }) => equity),
    ['100.00', '100.00'],
  )
  const untold = createReport(input).report()
  t.match(untold, { from: null, to: null, bars: 0, equity: [], exposure: { timeShare: null } })
  t.end()
})

t.test('what is open at once is seen at once, in whatever order it is told', (t) => {
  const report = told([
    trade({ openedAt: bar, stake: '10.00' }),
    trade({ openedAt: bar, stake: '5.00', status: 'loss', profit: '-5.00' }),
  ])
  t.equal(report.exposure.maxAtStake, '10.00', 'told between two bars, one after the other')

  const together = createReport(input)
  together.bar?.(bar)
  for (const each of [trade({ openedAt: bar }), trade({ openedAt: bar, status: 'loss' })]) {
    together.opened?.({ ...each, status: 'open', profit: '0', closedAt: null })
    together.closed?.(each)
  }
  together.bar?.(2 * bar)
  const { exposure, equity, maxDrawdown } = together.report()
  t.same(exposure, { timeShare: 1, maxAtStake: '20.00' })
  t.same(
    equity.map((point) => point.equity),
    ['100.00', '98.50'],
    'two closes of one moment are one step',
  )
  t.equal(maxDrawdown.amount, '1.50')
  t.end()
})

t.test('one trade after the other is never two at stake, and each is a step of the equity', (t) => {
  const { exposure } = told(inTurn(['win', 'win']))
  t.same(exposure, { timeShare: 1, maxAtStake: '10.00' })

  const report = createReport(input)
  report.bar?.(bar)
  for (const each of inTurn(['win', 'loss'])) {
    report.opened?.({ ...each, status: 'open', profit: '0', closedAt: null })
    report.closed?.(each)
  }
  report.bar?.(3 * bar)
  const between = report.report()
  t.same(between.exposure, { timeShare: 1, maxAtStake: '10.00' }, 'also when both are between two bars')
  t.same(
    between.equity.map((point) => point.equity),
    ['100.00', '108.50', '98.50'],
  )
  t.end()
})

t.test('a trade that never entered has no time and no money', (t) => {
  const report = told([trade({ status: 'cancelled', openedAt: null, closedAt: 2 * bar })], 3 * bar)
  t.match(report, { trades: 0, cancelled: 1, turnover: '0.00', exposure: { timeShare: 0, maxAtStake: '0.00' } })
  t.end()
})

t.test('tables by strategy, symbol and hour of entry add up to the whole', (t) => {
  const report = told([
    trade({ strategyId: 'a', symbol: 'EURUSD', openedAt: hour }),
    trade({ strategyId: 'b', symbol: 'BTCUSDT', openedAt: hour + bar, status: 'loss' }),
    trade({ strategyId: 'a', symbol: 'BTCUSDT', openedAt: 23 * hour, status: 'loss' }),
    trade({ strategyId: 'a', symbol: 'EURUSD', openedAt: 25 * hour }),
  ])
  const summary = (row: { wins: number; losses: number; profit: string }) => [row.wins, row.losses, row.profit]
  t.same(
    report.byStrategy.map((row) => [row.strategyId, row.name, ...summary(row)]),
    [
      ['b', 'Strategy b', 0, 1, '-10.00'],
      ['a', 'Strategy a', 2, 1, '7.00'],
    ],
    'in the order of the configuration',
  )
  t.same(
    report.bySymbol.map((row) => [row.symbol, ...summary(row)]),
    [
      ['BTCUSDT', 0, 2, '-20.00'],
      ['EURUSD', 2, 0, '17.00'],
    ],
  )
  t.same(
    report.byHour.map((row) => [row.hour, ...summary(row)]),
    [
      [1, 2, 1, '7.00'],
      [23, 0, 1, '-10.00'],
    ],
  )
  t.equal(report.profit, '-3.00')
  t.end()
})

t.test('decisions are counted by outcome, and every one changes the hash', (t) => {
  const decided = (changes: Partial<Decided>): Decided => ({
    strategyId: 'a',
    symbol: 'EURUSD',
    candleTime: bar,
    configVersion: 1,
    outcome: 'no-signal',
    reason: 'no signal',
    signal: null,
    intent: null,
    ...changes,
  })
  const of = (...all: Partial<Decided>[]) => {
    const report = createReport(input)
    for (const each of all) report.decided?.(decided(each))
    return report.report()
  }
  const { decisions, decisionHash } = of({}, {}, { outcome: 'warm-up' })
  t.equal(decisions['no-signal'], 2)
  t.equal(decisions['warm-up'], 1)
  t.equal(decisions.traded, 0)
  t.equal(of({}, {}, { outcome: 'warm-up' }).decisionHash, decisionHash)
  t.not(of({}, { candleTime: 2 * bar }, { outcome: 'warm-up' }).decisionHash, decisionHash)
  t.end()
})

t.test('its size does not grow with the run', (t) => {
  const statuses = Array.from({ length: 20_000 }, (_, index) => (index % 3 === 0 ? 'loss' : 'win'))
  const report = told(inTurn(statuses as BacktestTrade['status'][]))
  t.equal(report.trades, 20_000)
  t.ok(report.equity.length <= maxEquityPoints && report.equity.length > maxEquityPoints / 3)
  t.equal(report.equity.at(-1)?.equity, report.finalEquity)
  t.equal(report.byHour.length, 24)
  t.end()
})

t.test('trades of the same moment are weighed as one', (t) => {
  const report = createReport(input)
  for (let n = 1; n <= 500; n++) {
    report.bar?.(n * bar)
    for (const strategyId of ['a', 'b']) {
      const each = trade({ strategyId, openedAt: n * bar, status: n % 50 < 29 ? 'win' : 'loss' })
      report.opened?.({ ...each, status: 'open', profit: '0', closedAt: null })
      report.closed?.(each)
    }
  }
  const { winRate, breakEvenRate, verdict } = report.report()
  t.equal(winRate?.value, 0.58)
  t.ok((winRate?.low ?? 0) > (breakEvenRate ?? 1), 'a thousand trades that were independent would show an edge')
  t.equal(verdict.code, 'no-edge')
  t.match(verdict.sentence, /with trades of the same moment taken together 53\.63 to 62\.25 %/)
  t.end()
})
