import type { StrategyConfig } from '@sath/core'
import t from 'tap'
import { type BotTrade, createBot, onCandle } from './index.js'
import { botConfig } from './testing/configs.js'
import { barsToNoon, key, m5, noon, trade } from './testing/noon.js'
import { busyStart, busyStrategy } from './testing/play.js'

const dual = busyStrategy().martingale

t.test('with next: "candle" a loss is tried again at once', async (t) => {
  const quiet = barsToNoon([100, 100, 100, 100, 100])
  const decision = (trades: BotTrade[], martingale: Partial<StrategyConfig['martingale']> = {}) => {
    const config = botConfig({ strategies: [busyStrategy({ martingale: { ...dual, next: 'candle', ...martingale } })] })
    const bot = createBot(busyStart({ config, trades }))
    return quiet.flatMap((candle) => onCandle(bot, key, candle, 'live')).at(-1)
  }
  const lost = { closedAt: noon + m5 }
  const cases: [string, ReturnType<typeof decision>, object][] = [
    [
      'in its direction',
      decision([trade({ ...lost, direction: 'put' })]),
      { outcome: 'traded', signal: null, intent: { direction: 'put', level: 1, stake: '20.00', confidence: 0 } },
    ],
    ['not after a bust', decision([trade({ ...lost, level: 2 })]), { outcome: 'no-signal' }],
    ['not a candle later', decision([trade({ closedAt: noon })]), { outcome: 'no-signal' }],
    ['not after a win', decision([trade({ ...lost, status: 'win' })]), { outcome: 'no-signal' }],
    ['not with next: "signal"', decision([trade(lost)], { next: 'signal' }), { outcome: 'no-signal' }],
    [
      'of two the one that was lost last',
      decision([trade({ closedAt: noon + 1 }), trade({ ...lost, direction: 'put', level: 1 })]),
      { intent: { direction: 'put', level: 2 } },
    ],
    [
      'one of two',
      decision([trade({ ...lost, direction: 'put' }), trade({ ...lost, level: 1 })]),
      { intent: { direction: 'call', level: 2 } },
    ],
  ]
  for (const [name, found, expected] of cases) t.match(found, expected, name)
})
