import { type Decimal, type Martingale, type MartingalePlan, money } from '@sath/core'
import fc from 'fast-check'
import t from 'tap'
import { neededSeries, stakeFor, worstCase } from './index.js'
import { botConfig, strategyConfig } from './testing/configs.js'

const martingale = (plan: MartingalePlan, maxLevel = 2): Martingale => ({
  plan,
  ladder: 'single',
  next: 'signal',
  multiplier: '2.0',
  maxLevel,
})

t.test('stakes by plan', async (t) => {
  const cases: [string, MartingalePlan, number, Decimal, Decimal][] = [
    ['none stays', 'none', 0, '0', '10.00'],
    ['classic, base', 'classic', 0, '0', '10.00'],
    ['classic doubles', 'classic', 2, '30', '40.00'],
    ['break-even, base', 'break-even', 0, '0', '10.00'],
    ['break-even regains 10 at 0.85', 'break-even', 1, '10', '11.77'],
    ['break-even, exact to the cent is not rounded', 'break-even', 1, '8.50', '10.00'],
    ['target regains 10 and earns 8.50', 'target', 1, '10', '21.77'],
  ]
  for (const [name, plan, level, lost, expected] of cases) {
    t.equal(stakeFor(martingale(plan), '10', { level, lost }, '0.85'), expected, name)
  }
  t.equal(stakeFor({ ...martingale('classic'), multiplier: '2.35' }, '1.11', { level: 3, lost: '0' }, '0.85'), '14.41')
})

t.test('a win after losses never ends below what the plan promises, and at most a cent above', async (t) => {
  const cents = fc.integer({ min: 1, max: 100_000 }).map((n) => money.divide(String(n), '100', 2))
  fc.assert(
    fc.property(cents, cents, fc.integer({ min: 1, max: 100 }), (base, lost, percent) => {
      const payout = money.divide(String(percent), '100', 2)
      const breakEven = stakeFor(martingale('break-even'), base, { level: 1, lost }, payout)
      const left = money.subtract(money.multiply(breakEven, payout), lost)
      const target = stakeFor(martingale('target'), base, { level: 1, lost }, payout)
      const above = money.subtract(money.multiply(target, payout), money.add(lost, money.multiply(base, payout)))
      for (const surplus of [left, above]) {
        t.ok(money.compare(surplus, '0') >= 0 && money.compare(surplus, '0.01') <= 0, `surplus ${surplus}`)
      }
    }),
    { numRuns: 300 },
  )
})

t.test('the worst case lists every level and bounds what is at stake at once', async (t) => {
  const single = strategyConfig({ martingale: martingale('classic') })
  t.same(worstCase(single), { levels: ['10.00', '20.00', '40.00'], total: '40.00' })
  const dual = strategyConfig({ martingale: { ...martingale('classic'), ladder: 'dual' } })
  t.same(worstCase(dual), { levels: ['10.00', '20.00', '40.00'], total: '80.00' })
  t.same(worstCase(strategyConfig({ martingale: martingale('none', 5) })), { levels: ['10.00'], total: '10.00' })
  const regain = strategyConfig({ martingale: martingale('break-even') })
  t.same(worstCase(regain), { levels: ['10.00', '12.50', '28.13'], total: '28.13' }, 'C_k / 0.80')
  t.same(worstCase(regain, '0.5').levels, ['10.00', '20.00', '60.00'])
})

t.test('names each series once, with the longest warm-up and who wants it for what', async (t) => {
  const config = botConfig({
    strategies: [
      strategyConfig({ id: 'a', symbols: ['BTCUSDT', 'ETHUSDT'], confirmTimeframe: 'M15' }),
      strategyConfig({ id: 'b', strategy: 'rsi-reversal', timeframe: 'M15', source: 'binance' }),
      strategyConfig({ id: 'c', strategy: 'macd-cross', timeframe: 'M15' }),
      strategyConfig({ id: 'off', enabled: false, symbols: ['XRPUSDT'] }),
    ],
  })
  const series = neededSeries(config, 'synthetic')
  t.same(
    series.map(({ source, symbol, timeframe, decidedBy, confirms }) => [
      source,
      symbol,
      timeframe,
      decidedBy,
      confirms,
    ]),
    [
      ['synthetic', 'BTCUSDT', 'M5', ['a'], []],
      ['synthetic', 'BTCUSDT', 'M15', ['c'], ['a']],
      ['synthetic', 'ETHUSDT', 'M5', ['a'], []],
      ['synthetic', 'ETHUSDT', 'M15', [], ['a']],
      ['binance', 'BTCUSDT', 'M15', ['b'], []],
    ],
  )
  const [m5, m15, , confirm] = series.map(({ warmUp }) => warmUp)
  t.ok(m5! >= 22 && m5! < 500, `${m5} for ema-cross`)
  t.equal(m15, Math.max(m15!, confirm!), 'a series wanted twice has the longer warm-up')
})
