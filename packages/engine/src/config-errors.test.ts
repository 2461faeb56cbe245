import type { BotConfig, PlanLimits } from '@sath/core'
import t from 'tap'
import { catalogueErrors, configErrors } from './index.js'
import { botConfig, planLimits, strategyConfig } from './testing/configs.js'

const martingale = strategyConfig().martingale

t.test('the plan refuses, naming field and limit', async (t) => {
  const two = [strategyConfig(), strategyConfig({ id: 'b', symbols: ['ETHUSDT', 'ADAUSDT'] })]
  const cases: [string, BotConfig, Partial<PlanLimits>, [path: string, limit: string][]][] = [
    ['what fits', botConfig(), {}, []],
    ['the wrong mode', botConfig({ mode: 'live' }), {}, [['mode', 'modes']]],
    ['too many strategies', botConfig({ strategies: two }), { maxSymbols: 3 }, [['strategies', 'maxStrategies']]],
    ['too many symbols', botConfig({ strategies: two }), { maxStrategies: 2 }, [['strategies', 'maxSymbols']]],
    [
      'the same symbol twice counts once',
      botConfig({ strategies: [strategyConfig(), strategyConfig({ id: 'b' })] }),
      { maxStrategies: 2, maxSymbols: 1 },
      [],
    ],
    [
      'what is switched off',
      botConfig({ strategies: [strategyConfig(), strategyConfig({ id: 'b', enabled: false, stake: '60' })] }),
      {},
      [],
    ],
    ['too much capital', botConfig({ capital: '1000.01' }), {}, [['capital', 'maxCapital']]],
    [
      'too many trades',
      botConfig({ risk: { maxTradesPerDay: 21 } }),
      {},
      [['risk.maxTradesPerDay', 'maxTradesPerDay']],
    ],
    [
      'too many trades of one strategy',
      botConfig({ strategies: [strategyConfig({ risk: { maxTradesPerDay: 21 } })] }),
      {},
      [['strategies.0.risk.maxTradesPerDay', 'maxTradesPerDay']],
    ],
    [
      'a base stake over the cap',
      botConfig({ strategies: [strategyConfig({ stake: '50.01', martingale: { ...martingale, plan: 'none' } })] }),
      {},
      [['strategies.0.stake', 'maxCapitalPerTrade']],
    ],
    [
      'a level over the cap',
      botConfig({ strategies: [strategyConfig({ martingale: { ...martingale, maxLevel: 3 } })] }),
      {},
      [['strategies.0.stake', 'maxCapitalPerTrade']],
    ],
    ['both ladders over the capital', botConfig({ capital: '79.99' }), {}, [['strategies.0.stake', 'capital']]],
    [
      'one ladder within it',
      botConfig({ capital: '40', strategies: [strategyConfig({ martingale: { ...martingale, ladder: 'single' } })] }),
      {},
      [],
    ],
    [
      'a second timeframe',
      botConfig({ strategies: [strategyConfig({ confirmTimeframe: 'M15' })] }),
      {},
      [['strategies.0.confirmTimeframe', 'multiTimeframe']],
    ],
    [
      'nothing when nothing is limited',
      botConfig({
        mode: 'live',
        capital: '1000000',
        strategies: [...two, ...two, strategyConfig({ stake: '5000', confirmTimeframe: 'H1' })],
      }),
      {
        modes: ['paper', 'live'],
        maxStrategies: null,
        maxSymbols: null,
        maxTradesPerDay: null,
        maxCapital: null,
        maxCapitalPerTrade: null,
        multiTimeframe: true,
      },
      [],
    ],
  ]
  for (const [name, config, limits, expected] of cases) {
    const errors = configErrors(config, planLimits(limits))
    t.same(
      errors.map(({ path, message }) => [path, message.split(':')[0]]),
      expected,
      name,
    )
  }
})

t.test('the catalogue refuses what could not run', async (t) => {
  const hours = { timezone: 'Europe/Madrid', days: [1], start: '08:00', end: '18:00' }
  const cases: [string, Parameters<typeof strategyConfig>[0], string[]][] = [
    ['what runs', { tradingHours: hours, confirmTimeframe: 'M15' }, []],
    ['an unknown strategy', { strategy: 'moon' }, ['strategies.0.strategy']],
    ['bad parameters', { params: { fast: 0, slow: 'x' } }, ['strategies.0.params.fast', 'strategies.0.params.slow']],
    ['parameters that contradict', { params: { fast: 30 } }, ['strategies.0.params.fast']],
    ['a timeframe the strategy is not for', { strategy: 'mhi-1', params: {} }, ['strategies.0.timeframe']],
    ['the one it is for', { strategy: 'mhi-1', params: {}, timeframe: 'M1' }, []],
    ['a confirmation that is not longer', { confirmTimeframe: 'M5' }, ['strategies.0.confirmTimeframe']],
    ['a cent', { stake: '0.01' }, []],
    ['less than a cent', { stake: '0.004' }, ['strategies.0.stake']],
    [
      'a target without a payout',
      { instrument: 'spot', martingale: { ...martingale, plan: 'target' } },
      ['strategies.0.risk.takeProfitPct'],
    ],
    [
      'a plan without a payout',
      { instrument: 'spot', martingale: { ...martingale, plan: 'break-even' } },
      ['strategies.0.risk.takeProfitPct'],
    ],
    [
      'an unknown time zone',
      { tradingHours: { ...hours, timezone: 'Mars/Olympus' } },
      ['strategies.0.tradingHours.timezone'],
    ],
    ['also when switched off', { enabled: false, strategy: 'moon' }, ['strategies.0.strategy']],
  ]
  for (const [name, changes, paths] of cases) {
    const errors = catalogueErrors(botConfig({ strategies: [strategyConfig(changes)] }))
    t.same(
      errors.map(({ path }) => path),
      paths,
      name,
    )
  }
  const nowhere = botConfig({ timezone: 'Mars/Olympus' })
  t.match(catalogueErrors(nowhere), [{ path: 'timezone', message: /IANA/ }])
  t.same(catalogueErrors(botConfig({ timezone: 'America/Lima' })), [])
})
