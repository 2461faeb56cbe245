import {
  createBacktest,
  createReport,
  exactOdds,
  type OptimiseInput,
  oddsPresets,
  optimise,
  simulate,
} from '@sath/backtest'
import { http } from '@sath/contracts'
import type { BotConfig } from '@sath/core'
import { walk } from '@sath/testkit'
import t from 'tap'
import type { z } from 'zod'
import type { StoredReport } from './backtest-job.js'
import type { SimulationReport } from './simulation-job.js'

/** The same, as a schema says it: nothing of it is read-only. */
type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> } : T

/** These compile only while every stored report is one by the contract. */
const asBacktest = (report: Writable<StoredReport>): z.input<typeof http.BacktestReport> => report
const asSimulation = (report: Writable<SimulationReport>): z.input<typeof http.SimulationReport> => report

const stored = <T>(report: T): Writable<T> => JSON.parse(JSON.stringify(report))

const config: BotConfig = {
  mode: 'paper',
  onStop: 'keep',
  capital: '1000.00',
  risk: {},
  strategies: [
    {
      id: 'one',
      name: 'One',
      enabled: true,
      strategy: 'ema-cross',
      params: {},
      symbols: ['AAA'],
      timeframe: 'M5',
      instrument: 'binary',
      expiryCandles: 1,
      stake: '1.00',
      martingale: { plan: 'break-even', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2 },
      risk: {},
    },
  ],
}

t.test('the contract knows every field of a report, of a search too: none is lost on the way', async (t) => {
  const input = { config, defaultSource: 'replay', payout: '0.85', spread: '0' }
  const key = { source: 'replay', symbol: 'AAA', timeframe: 'M1' } as const
  const minutes = walk(3 * 1440, { seed: 3 })
  const report = createReport(input)
  const run = createBacktest(input, report)
  for (const minute of minutes) run.push(key, minute)
  run.finish()
  const search: OptimiseInput = {
    backtest: input,
    search: 'grid',
    ranges: { fast: [3, 9] },
    variants: 2,
    windows: 2,
    trainShare: 0.5,
    seed: 1,
    score: 'win-rate',
    minTrades: 5,
  }
  const found = optimise(search, () => minutes.map((minute) => [key, minute] as const))
  const { source, symbol } = key
  const whole = stored({ ...report.report(), series: [{ source, symbol }], candles: minutes.length, optimise: found })
  t.ok(whole.trades > 30)
  t.ok(whole.optimise.windows[0]?.chosen && whole.optimise.best, 'the search has chosen')
  t.strictSame(http.BacktestReport.parse(asBacktest(whole)), whole)

  const empty = stored({ ...createReport(input).report(), series: [], candles: 0 })
  t.strictSame(http.BacktestReport.parse(asBacktest(empty)), empty)
})

t.test('and every field of a simulation', async (t) => {
  const input = { ...oddsPresets[0]!.input, scenarios: 200 }
  const interval = { value: 0.5, low: 0.4, high: 0.6 }
  const names = { strategy: 'ema-cross', symbol: 'AAA', from: 0, to: 1 }
  const one = simulate(input)
  const report: SimulationReport = {
    input,
    winRate: { origin: 'measured', ...interval, tieRate: 0, trades: 100, ...names },
    sentence: 'It was measured.',
    monteCarlo: one,
    exact: exactOdds(input),
    exactRefused: 'too large',
    low: one,
    high: one,
  }
  const measured = stored(report)
  t.strictSame(http.SimulationReport.parse(asSimulation(measured)), measured)
  for (const winRate of [
    { origin: 'given', value: 0.5 },
    { origin: 'preset', value: 0.8, preset: 'classic' },
  ] as const) {
    const put = stored({ ...report, winRate })
    t.strictSame(http.SimulationReport.parse(asSimulation(put)), put)
  }
})
