import { readFileSync } from 'node:fs'
import { bucketStart, type Candle } from '@sath/core'
import { readCandlePages } from '@sath/feeds'
import { sharedData } from '@sath/testkit'
import t from 'tap'
import { createBacktest } from '../run/backtest.js'
import type { BacktestInput } from '../run/backtest-input.js'
import { createReport } from './create-report.js'
import { wilson } from './estimate.js'

/** Recorded series as candles of M5; those of M1 are made into bars, a bucket with one minute being a bar. */
const series = {
  EURUSD_M5_2014: 'EURUSD_M1_2014_fxcm_bid.csv',
  EURUSD_M5_2020_mt5: 'EURUSD_M5_2020_mt5.csv',
  EURUSD_M5_2025_mt5: 'EURUSD_M5_2025_mt5.csv',
  'ADAUSDT_M5_2025-06': 'ADAUSDT_M5_2025-06.csv',
  'BTCUSDT_M5_2023-03': 'BTCUSDT_M1_2023-03_binanceus.csv',
  'BTCUSDT_M5_2024-12': 'BTCUSDT_M1_2024-12_binance.csv',
} as const
type Series = keyof typeof series

const strategies = [
  'rsi-reversal',
  'macd-cross',
  'bollinger-bounce',
  'ema-cross',
  'stochastic',
  'adx-trend',
  'donchian-breakout',
  'price-action',
]

const input: BacktestInput = {
  config: {
    mode: 'paper',
    onStop: 'close',
    capital: '100000.00',
    risk: {},
    strategies: strategies.map((id) => ({
      id,
      name: id,
      enabled: true,
      strategy: id,
      params: {},
      symbols: ['S'],
      timeframe: 'M5',
      instrument: 'binary',
      expiryCandles: 1,
      stake: '10.00',
      martingale: { plan: 'none', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 0 },
      risk: {},
    })),
  },
  defaultSource: 'recorded',
  payout: '0.85',
  spread: '0',
}

async function m5Of(path: string): Promise<Candle[]> {
  const bars: Candle[] = []
  for await (const page of readCandlePages(path)) {
    for (const candle of page) {
      const time = bucketStart(candle.time, 'M5')
      const open = bars.at(-1)
      if (open?.time !== time) bars.push({ ...candle, time })
      else bars[bars.length - 1] = merged(open, candle)
    }
  }
  return bars
}

function merged(bar: Candle, { high, low, close, volume }: Candle): Candle {
  return { ...bar, high: Math.max(bar.high, high), low: Math.min(bar.low, low), close, volume: bar.volume + volume }
}

const reports = new Map<Series, ReturnType<typeof run>>()

function run(bars: readonly Candle[]) {
  const report = createReport(input)
  const backtest = createBacktest(input, report)
  for (const bar of bars) backtest.push({ source: 'recorded', symbol: 'S', timeframe: 'M5' }, bar)
  backtest.finish()
  return report.report()
}

async function reportOf(name: Series) {
  const known = reports.get(name)
  if (known) return known
  const report = run(await m5Of(sharedData('candles', series[name]) ?? ''))
  reports.set(name, report)
  return report
}

const recorded = sharedData('signals') !== undefined
const skip = recorded ? false : 'no recorded data beside the repository'

t.test('a back-test with flat stakes counts what an independent implementation counted', { skip }, async (t) => {
  for (const name of ['EURUSD_M5_2014', 'EURUSD_M5_2020_mt5', 'ADAUSDT_M5_2025-06', 'BTCUSDT_M5_2023-03'] as const) {
    const rows = readFileSync(sharedData('signals', `signals_${name}.csv`) ?? '', 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
    const { byStrategy } = await reportOf(name)
    for (const id of strategies) {
      const results = rows.map((row) => row.split(',')).flatMap(([, whose, , result]) => (whose === id ? [result] : []))
      const count = (wanted: string) => results.filter((result) => result === wanted).length
      const found = byStrategy.find(({ strategyId }) => strategyId === id)
      t.same(
        [found?.wins, found?.losses, found?.ties, found?.cancelled],
        [count('W'), count('L'), count('T'), count('')],
        `${id} on ${name}: won, lost, tied, refunded`,
      )
    }
  }
})

t.test(
  'win rates and intervals over six series are those on record, and none reaches break-even',
  { skip },
  async (t) => {
    const onRecord: Record<string, [number, string]> = {
      'bollinger-bounce': [2_211, '51.17 49.07-53.27'],
      'rsi-reversal': [966, '50.42 47.25-53.59'],
      'ema-cross': [1_644, '49.41 46.96-51.85'],
      // On record are 7,988 with 49.37, which counts three engulfing candles inside the warm-up of 4 (a win, two losses).
      'price-action': [7_985, '49.38 48.27-50.49'],
      stochastic: [3_480, '49.10 47.42-50.78'],
      'macd-cross': [2_910, '48.83 47.00-50.68'],
      'adx-trend': [516, '47.72 43.40-52.08'],
      'donchian-breakout': [2_739, '46.21 44.33-48.11'],
    }
    const percent = (share = Number.NaN) => (100 * share).toFixed(2)
    for (const [id, [trades, rate]] of Object.entries(onRecord)) {
      let [wins, losses, ties] = [0, 0, 0]
      for (const name of Object.keys(series) as Series[]) {
        const found = (await reportOf(name)).byStrategy.find(({ strategyId }) => strategyId === id)
        wins += found?.wins ?? 0
        losses += found?.losses ?? 0
        ties += found?.ties ?? 0
      }
      const estimate = wilson(wins, wins + losses)
      t.equal(wins + losses + ties, trades, `${id}: trades`)
      t.equal(`${percent(estimate?.value)} ${percent(estimate?.low)}-${percent(estimate?.high)}`, rate, id)
      t.ok((estimate?.high ?? 1) < 1 / 1.85, `${id} is below break-even`)
    }
    let bars = 0
    for (const name of Object.keys(series) as Series[]) bars += (await reportOf(name)).bars
    t.equal(bars, 36_543)
  },
)
