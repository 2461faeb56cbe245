import type { BacktestReport } from '@sath/backtest'
import { walk } from '@sath/testkit'
import t from 'tap'
import { printed, sath, writer } from '../cli.fixture.js'
import { martingaleOf } from './backtest-config.js'

const minutes = walk(6_000, { seed: 5 })

async function report(...args: string[]): Promise<BacktestReport> {
  return JSON.parse(await printed('backtest', ...args, '--json'))
}

t.test('bars that the file has and bars made of its minutes give the same trades', async (t) => {
  const write = writer(t)
  const m1 = write('EURUSD_M1.csv', minutes)
  const m5 = write('EURUSD_M5.csv', await printed('aggregate', '--candles', m1, '--to', 'M5'))
  const [made, asTheyAre] = await Promise.all(
    [m1, m5].map((path) => report('--candles', path, '--strategy', 'stochastic', '--martingale', 'target,ladder=dual')),
  )
  t.ok(made!.trades > 50)
  t.equal(asTheyAre!.decisionHash, made!.decisionHash)
  t.same(asTheyAre!.decisions, made!.decisions)
  t.equal(asTheyAre!.profit, made!.profit)
  t.equal(asTheyAre!.bySymbol[0]?.symbol, 'EURUSD', 'the symbol is the file’s')
})

t.test('decides on the timeframe that is asked for', async (t) => {
  const path = writer(t)('BTCUSDT_M1.csv', minutes)
  const [m1, m15] = await Promise.all(
    ['M1', 'M15'].map((timeframe) =>
      report('--candles', path, '--strategy', 'price-action', '--timeframe', timeframe, '--symbol', 'X1'),
    ),
  )
  t.equal(m1!.bars, 6_000)
  t.equal(m15!.bars, 400)
  t.equal(m15!.bySymbol[0]?.symbol, 'X1')
  const onMinutes = await report('--candles', path, '--strategy', 'mhi-1')
  t.equal(onMinutes.bars, 6_000, 'of a rule that is for one timeframe, on that')
  t.ok(onMinutes.trades > 100)
})

t.test('says for a person what it came to, with the curve and the stakes of the ladder', async (t) => {
  const path = writer(t)('EURUSD_M1.csv', minutes)
  const args = ['--candles', path, '--strategy', 'ema-cross', '--martingale', 'break-even,gales=3', '--payout', '0.8']
  const { code, stdout, stderr } = await sath('backtest', ...args, '--params', 'fast=3,slow=8')
  t.equal(code, 0)
  t.equal(stderr, '', 'no progress bar where nobody looks')
  t.match(
    stdout,
    /^ema-cross on M5 of EURUSD, break-even on a single ladder: stakes 10\.00, 12\.50, 28\.13, 63\.29, up to/,
  )
  t.match(stdout, /Verdict: .*edge/)
  t.match(stdout, /break-even rate +55\.56 %/)
  t.match(stdout, /[┤┼][╭╮╰╯─│ ]+/)
  t.match(stdout, /Decision hash: [0-9a-f]{64}\n$/)
})

t.test('a control over random walks shows no edge, and stands beside the verdict', async (t) => {
  const path = writer(t)('EURUSD_M1.csv', minutes)
  const args = ['--candles', path, '--strategy', 'price-action', '--control', '20']
  const { control } = JSON.parse(await printed('backtest', ...args, '--json'))
  t.match(control, { runs: 20, edgeShown: { value: 0 } })
  t.equal(control.verdicts['no-edge'] + control.verdicts.worse + control.verdicts['too-few'], 20)
  t.match(await printed('backtest', ...args), /\nVerdict: .*\nControl: On 20 random walks an edge was shown 0 times: /)
  t.match(await sath('backtest', ...args.slice(0, -1), '0'), {
    code: 1,
    stdout: '',
    stderr: /--control must be a whole/,
  })
})

t.test('names every option that is wrong', async (t) => {
  const wrong = ['--params', 'period=900', '--payout', '99', '--spread', '-1', '--stake', '0.001']
  const { code, stderr } = await sath('backtest', '--candles', 'none.csv', '--strategy', 'rsi-reversal', ...wrong)
  t.equal(code, 1)
  for (const option of ['--params period', '--payout', '--spread', '--stake']) t.match(stderr, `${option}: must be`)
})

t.test('reads martingale plans', async (t) => {
  t.match(martingaleOf('none'), { plan: 'none', maxLevel: 0 })
  t.match(martingaleOf('classic,multiplier=2.5,gales=4'), { plan: 'classic', multiplier: '2.5', maxLevel: 4 })
  t.match(martingaleOf('target,ladder=dual,next=candle'), {
    plan: 'target',
    ladder: 'dual',
    next: 'candle',
    maxLevel: 2,
  })
  for (const [text, words] of [
    ['double', /plan must be one of none, classic, break-even, target, not "double"/],
    ['classic,gales=11', /gales must be a whole number from 0 to 10/],
    ['classic,gales=x', /gales must be/],
    ['classic,multiplier=0', /multiplier must be/],
    ['classic,ladder=triple', /ladder must be one of single, dual/],
    ['classic,level=2', /level is unknown/],
  ] as const) {
    t.throws(() => martingaleOf(text), { message: words })
  }
})
