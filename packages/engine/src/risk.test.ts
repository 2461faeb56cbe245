import type { BotConfig } from '@sath/core'
import { candles } from '@sath/testkit'
import t from 'tap'
import { createBot, onCandle } from './index.js'
import { botConfig } from './testing/configs.js'
import { key, m5, noon, rise, trade } from './testing/noon.js'
import { busyStart, busyStrategy } from './testing/play.js'

t.test('counts entries on the day of their bar, profit on the day of their close', async (t) => {
  const midnight = Date.UTC(2024, 0, 4)
  const lastBar = candles([100, 100, 100, 100, 101], { start: midnight - 5 * m5, timeframe: 'M5' })
  const early = trade({
    strategyId: 'other',
    profit: '-10',
    signalTime: midnight - 6 * m5,
    closedAt: midnight - 4 * m5,
  })
  const outcomeWith = (risk: BotConfig['risk']) => {
    const config = botConfig({ risk, strategies: [busyStrategy()] })
    const bot = createBot(busyStart({ config, trades: [early] }))
    return lastBar.flatMap((candle) => onCandle(bot, key, candle, 'live')).at(-1)?.outcome
  }
  t.equal(outcomeWith({ maxTradesPerDay: 1 }), 'trades-per-day', 'the bar 23:55 is of the old day')
  t.equal(outcomeWith({ maxDailyLoss: '10' }), 'traded', 'its close is the new day')
})

t.test('two strategies that signal at once share the limits', async (t) => {
  const config = botConfig({
    risk: { maxTradesPerDay: 1 },
    strategies: [busyStrategy(), busyStrategy({ id: 'other' })],
  })
  const bot = createBot(busyStart({ config }))
  const decided = rise.flatMap((candle) => onCandle(bot, key, candle, 'live')).slice(-2)
  t.same(
    decided.map(({ outcome }) => outcome),
    ['traded', 'trades-per-day'],
  )
})

t.test('a pause says after how many losses it is', async (t) => {
  const reasonWith = (cooldownAfterLosses: number) => {
    const config = botConfig({ strategies: [busyStrategy({ risk: { cooldownCandles: 2, cooldownAfterLosses } })] })
    const trades = [trade({ signalTime: noon - 3 * m5, closedAt: noon - m5 }), trade({ level: 1 })]
    const bot = createBot(busyStart({ config, trades }))
    return rise.flatMap((candle) => onCandle(bot, key, candle, 'live')).at(-1)?.reason
  }
  t.equal(reasonWith(1), 'pauses 2 candles after a loss')
  t.equal(reasonWith(2), 'pauses 2 candles after 2 losses in a row')
})

t.test('decides from the candle on that its warm-up names', async (t) => {
  const bot = createBot(busyStart())
  const outcomes = rise.flatMap((candle) => onCandle(bot, key, candle, 'live')).map(({ outcome }) => outcome)
  t.same(outcomes, ['warm-up', 'warm-up', 'warm-up', 'no-signal', 'traded'], 'four candles for an average of three')
})
