import type { BotConfig, PlanLimits, StrategyConfig } from '@sath/core'
import t from 'tap'
import { type OpenPosition, type PlanChangePreview, planChangePreview } from './index.js'
import { botConfig, planLimits, strategyConfig } from './testing/configs.js'

const martingale = strategyConfig().martingale
const flat = { ...martingale, plan: 'none' as const }
const one = (id: string, changes: Partial<StrategyConfig> = {}) =>
  strategyConfig({ id, name: id, martingale: flat, stake: '1', ...changes })
const wide = planLimits({
  maxStrategies: null,
  maxSymbols: null,
  maxCapitalPerTrade: null,
  maxCapital: null,
  modes: ['paper', 'live'],
  multiTimeframe: true,
  memoryMiB: 256,
  cpu: 0.5,
})
const three = botConfig({ strategies: [one('a'), one('b', { symbols: ['ETHUSDT'] }), one('c')] })

function preview(config: BotConfig | undefined, after: Partial<PlanLimits>, more: object = {}): PlanChangePreview {
  return planChangePreview({
    config,
    positions: [],
    before: wide,
    after: { ...wide, ...after },
    running: true,
    resizes: true,
    ...more,
  })
}
/** `a stays`, `b paused maxStrategies`, `c partly maxSymbols ETHUSDT`, `d stays bust 2`. */
function words({ strategies }: PlanChangePreview): string[] {
  return strategies.map(({ strategyId, after, reasons, pausedSymbols, bust }) =>
    [
      strategyId,
      after,
      ...reasons.map(({ limit }) => limit),
      ...(after === 'partly' ? pausedSymbols : []),
      ...(bust ? ['bust', bust.level, bust.stake] : []),
    ].join(' '),
  )
}

t.test('who stays follows the order of the configuration', async (t) => {
  const cases: [string, BotConfig | undefined, Partial<PlanLimits>, string[]][] = [
    ['nothing was saved yet', undefined, { maxStrategies: 1 }, []],
    ['everything fits', three, {}, ['a stays', 'b stays', 'c stays']],
    ['two strategies', three, { maxStrategies: 2 }, ['a stays', 'b stays', 'c paused maxStrategies']],
    [
      'another order, others stay',
      botConfig({ strategies: [one('c'), one('a'), one('b')] }),
      { maxStrategies: 1 },
      ['c stays', 'a paused maxStrategies', 'b paused maxStrategies'],
    ],
    [
      'one that is switched off takes nobody’s place',
      botConfig({ strategies: [one('a', { enabled: false }), one('b')] }),
      { maxStrategies: 1 },
      ['b stays'],
    ],
    ['one symbol', three, { maxSymbols: 1 }, ['a stays', 'b paused maxSymbols', 'c stays']],
    [
      'some symbols of a strategy',
      botConfig({ strategies: [one('a', { symbols: ['BTCUSDT', 'ETHUSDT', 'ADAUSDT'] })] }),
      { maxSymbols: 2 },
      ['a partly maxSymbols ADAUSDT'],
    ],
    [
      'a second timeframe',
      botConfig({ strategies: [one('a', { confirmTimeframe: 'M15' }), one('b')] }),
      { multiTimeframe: false },
      ['a paused multiTimeframe', 'b stays'],
    ],
    [
      'a stake over the cap',
      botConfig({ strategies: [one('a', { stake: '5.01' }), one('b')] }),
      { maxCapitalPerTrade: '5' },
      ['a paused maxCapitalPerTrade', 'b stays'],
    ],
    [
      'a level over the cap is a bust from there on',
      botConfig({
        strategies: [one('a', { martingale: { ...martingale, plan: 'classic', multiplier: '2.0', maxLevel: 3 } })],
      }),
      { maxCapitalPerTrade: '3' },
      ['a stays bust 2 4.00'],
    ],
    [
      'no live mode',
      { ...three, mode: 'live' },
      { modes: ['paper'] },
      ['a paused modes', 'b paused modes', 'c paused modes'],
    ],
  ]
  for (const [name, config, after, expected] of cases) t.same(words(preview(config, after)), expected, name)
  const upgrade = planChangePreview({
    config: three,
    positions: [],
    before: { ...wide, maxStrategies: 1 },
    after: wide,
    running: true,
    resizes: true,
  })
  t.same(
    upgrade.strategies.map(({ before, after }) => `${before} ${after}`),
    ['stays stays', 'paused stays', 'paused stays'],
    'more of a plan brings them back',
  )
})

t.test('a live bot without a live mode is held, if it runs or is to run', async (t) => {
  const live = { ...three, mode: 'live' as const }
  t.equal(preview(live, { modes: ['paper'] }).held, true)
  t.equal(preview(live, { modes: ['paper'] }, { running: false }).held, false)
  t.equal(preview(live, {}).held, false)
  t.equal(preview(three, { modes: ['paper'] }).held, false)
})

t.test('spot positions of what is paused are closed where the owner chose so; everything else is kept', async (t) => {
  const position = (tradeId: string, changes: Partial<OpenPosition>): OpenPosition => ({
    tradeId,
    strategyId: 'b',
    symbol: 'ETHUSDT',
    instrument: 'spot',
    expiresAt: null,
    ...changes,
  })
  const positions = [
    position('spot of a paused one', {}),
    position('binary of a paused one', { instrument: 'binary', expiresAt: 7 }),
    position('spot of one that stays', { strategyId: 'a', symbol: 'BTCUSDT' }),
    position('spot by hand', { strategyId: null }),
  ]
  const closed = (config: BotConfig, after: Partial<PlanLimits>) =>
    preview(config, after, { positions }).positions.flatMap(({ tradeId, fate }) => (fate === 'closed' ? [tradeId] : []))
  const down = { maxStrategies: 1 }
  t.same(closed({ ...three, onStop: 'close' }, down), ['spot of a paused one'])
  t.same(closed({ ...three, onStop: 'keep' }, down), [])
  t.same(
    closed({ ...three, mode: 'live', onStop: 'close' }, { modes: ['paper'] }),
    ['spot of a paused one', 'spot of one that stays', 'spot by hand'],
    'a stop closes all that can be closed',
  )
  t.match(preview(three, down, { positions }).positions[1], { fate: 'kept', expiresAt: 7 })
})

t.test('the container’s limits rise in a running one and fall with the next start', async (t) => {
  const more = { memoryMiB: 512, cpu: 1 }
  const less = { memoryMiB: 128, cpu: 0.25 }
  t.match(preview(three, more), { memoryMiB: { before: 256, after: 512, when: 'live' }, cpu: { when: 'live' } })
  t.match(preview(three, less), {
    memoryMiB: { when: 'next-start' },
    cpu: { before: 0.5, after: 0.25, when: 'next-start' },
  })
  t.match(preview(three, { ...more, cpu: 0.5 }), { memoryMiB: { when: 'live' }, cpu: { when: 'unchanged' } })
  t.match(preview(three, more, { running: false }), { memoryMiB: { when: 'next-start' } })
  t.match(preview(three, more, { resizes: false }), { memoryMiB: { when: 'next-start' }, cpu: { when: 'next-start' } })
})

t.test('tells what stands in the way of the next start', async (t) => {
  t.same(preview(three, { maxStrategies: 3 }).beforeNextStart, [])
  t.match(preview(three, { maxStrategies: 1, maxCapital: '1' }).beforeNextStart, [
    { path: 'strategies', message: /^maxStrategies/ },
    { path: 'capital', message: /^maxCapital/ },
  ])
})
