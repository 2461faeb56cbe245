import type { BotConfig, Decimal, Outcome, StrategyConfig } from '@sath/core'
import t from 'tap'
import { type BotStart, type BotTrade, createBot, type Decided, onCandle } from './index.js'
import { botConfig } from './testing/configs.js'
import { key, m5, noon, rise, trade } from './testing/noon.js'
import { busyStart, busyStrategy } from './testing/play.js'

interface Situation {
  readonly strategy?: Partial<StrategyConfig>
  readonly risk?: BotConfig['risk']
  readonly timezone?: string
  readonly trades?: readonly BotTrade[]
  readonly maxStake?: Decimal
  readonly payouts?: BotStart['payouts']
}

function decisionIn({
  strategy = {},
  risk = {},
  timezone,
  trades = [],
  maxStake,
  payouts = { BTCUSDT: '0.85' },
}: Situation): Decided {
  const config = botConfig({ risk, timezone, capital: '1000', strategies: [busyStrategy(strategy)] })
  const bot = createBot(busyStart({ config, trades, payouts, maxStake }))
  return rise.flatMap((candle) => onCandle(bot, key, candle, 'live')).at(-1)!
}

const dual = busyStrategy().martingale
const single = { ...dual, ladder: 'single' as const }
const open = { status: 'open', profit: '0', closedAt: null } as const
const yesterday = { signalTime: noon - 86_400_000, closedAt: noon - 86_400_000 + 2 * m5 }
const won = { status: 'win', profit: '8.50' } as const
const twoLosses = { cooldownCandles: 2, cooldownAfterLosses: 2 }
/** The bar before that of the other trades, and the one before it. */
const before = { signalTime: noon - 3 * m5, closedAt: noon - m5 }
const long = { signalTime: noon - 4 * m5, closedAt: noon - 2 * m5 }
/** Noon UTC is 21:00 in Tokyo and 01:00 of the next day in Auckland. */
const hoursAgo = { signalTime: noon - 3 * 3_600_000, closedAt: noon - 3 * 3_600_000 + 2 * m5 }
const other = { ...hoursAgo, strategyId: 'other' }
const hours = { timezone: 'UTC', days: [1, 2, 3, 4, 5], start: '08:00', end: '12:05' }

t.test('the one outcome of a candle with a signal', async (t) => {
  const cases: [string, Situation, Outcome, stake?: Decimal, level?: number][] = [
    ['nothing in the way', {}, 'traded', '10.00', 0],
    ['after a loss, one level up', { trades: [trade({})] }, 'traded', '20.00', 1],
    [
      'single: after a loss of the other side',
      { strategy: { martingale: single }, trades: [trade({ direction: 'put' })] },
      'traded',
      '20.00',
      1,
    ],
    ['dual: not after a loss of the other side', { trades: [trade({ direction: 'put' })] }, 'traded', '10.00', 0],
    ['a level over a cap that fell is a bust', { trades: [trade({})], maxStake: '15' }, 'traded', '10.00', 0],
    ['a base over a cap that fell', { maxStake: '9.99' }, 'plan-limit'],
    ['an open call', { trades: [trade(open)] }, 'position-open'],
    ['an unknown call', { trades: [trade({ ...open, status: 'unknown' })] }, 'position-open'],
    ['dual: an open put', { trades: [trade({ ...open, direction: 'put' })] }, 'traded', '10.00', 0],
    [
      'single: an open put',
      { strategy: { martingale: single }, trades: [trade({ ...open, direction: 'put' })] },
      'position-open',
    ],
    ['an open call of another symbol', { trades: [trade({ ...open, symbol: 'ETHUSDT' })] }, 'traded', '10.00', 0],
    [
      'exposure reached exactly',
      { risk: { maxExposure: '20' }, trades: [trade({ ...open, symbol: 'ETHUSDT' })] },
      'traded',
      '10.00',
      0,
    ],
    [
      'exposure passed',
      { risk: { maxExposure: '19.99' }, trades: [trade({ ...open, strategyId: 'other' })] },
      'exposure',
    ],
    ['the last of the capital', { trades: [trade({ ...other, profit: '-990.00' })] }, 'traded', '10.00', 0],
    ['more than what is left of the capital', { trades: [trade({ ...other, profit: '-990.01' })] }, 'exposure'],
    [
      'what is at stake is not left of the capital',
      { trades: [trade({ ...other, profit: '-980.00' }), trade({ ...open, strategyId: 'b', stake: '10.01' })] },
      'exposure',
    ],
    [
      'profit can be staked too',
      { trades: [trade({ ...other, ...won, profit: '500' }), trade({ ...open, strategyId: 'b', stake: '1490' })] },
      'traded',
      '10.00',
      0,
    ],
    ['within the hours', { strategy: { tradingHours: { ...hours, end: '12:06' } } }, 'traded', '10.00', 0],
    ['the bar closes when the hours end', { strategy: { tradingHours: hours } }, 'hours'],
    ['the wrong day', { strategy: { tradingHours: { ...hours, days: [1, 2, 4, 5, 6, 7], end: '18:00' } } }, 'hours'],
    ['cooling down', { strategy: { risk: { cooldownCandles: 2 } }, trades: [trade({})] }, 'cool-down'],
    ['cooled down', { strategy: { risk: { cooldownCandles: 1 } }, trades: [trade({})] }, 'traded', '20.00', 1],
    [
      'a win needs no cooling',
      { strategy: { risk: { cooldownCandles: 2 } }, trades: [trade({ status: 'win', profit: '8.50' })] },
      'traded',
      '10.00',
      0,
    ],
    ['one loss of two', { strategy: { risk: twoLosses }, trades: [trade({})] }, 'traded', '20.00', 1],
    ['two losses of two', { strategy: { risk: twoLosses }, trades: [trade(before), trade({ level: 1 })] }, 'cool-down'],
    [
      'a third goes on pausing',
      { strategy: { risk: twoLosses }, trades: [trade(long), trade(before), trade({})] },
      'cool-down',
    ],
    [
      'a win between them',
      { strategy: { risk: twoLosses }, trades: [trade(long), trade({ ...before, ...won }), trade({})] },
      'traded',
      '20.00',
      1,
    ],
    [
      'a win after them does not end the pause',
      { strategy: { risk: { ...twoLosses, cooldownCandles: 3 } }, trades: [trade(long), trade(before), trade(won)] },
      'cool-down',
    ],
    [
      'two losses of different strategies',
      { strategy: { risk: twoLosses }, trades: [trade({ ...before, strategyId: 'other' }), trade({})] },
      'traded',
      '20.00',
      1,
    ],
    ['the bot lost its day', { risk: { maxDailyLoss: '10' }, trades: [trade({ strategyId: 'other' })] }, 'daily-loss'],
    [
      'the loss was yesterday',
      { risk: { maxDailyLoss: '10' }, trades: [trade({ strategyId: 'other', ...yesterday })] },
      'traded',
      '10.00',
      0,
    ],
    [
      'the loss was on the same day of the time zone',
      { timezone: 'Asia/Tokyo', risk: { maxDailyLoss: '10' }, trades: [trade({ strategyId: 'other', ...hoursAgo })] },
      'daily-loss',
    ],
    [
      'the loss was on another day of the time zone',
      { timezone: 'Pacific/Auckland', risk: { maxDailyLoss: '10' }, trades: [trade({ ...hoursAgo, strategyId: 'b' })] },
      'traded',
      '10.00',
      0,
    ],
    [
      'trades of another day of the time zone',
      { timezone: 'Pacific/Auckland', risk: { maxTradesPerDay: 1 }, trades: [trade({ ...hoursAgo, strategyId: 'b' })] },
      'traded',
      '10.00',
      0,
    ],
    ['the strategy lost its day', { strategy: { risk: { maxDailyLoss: '10' } }, trades: [trade({})] }, 'daily-loss'],
    [
      'another lost it',
      { strategy: { risk: { maxDailyLoss: '10' } }, trades: [trade({ strategyId: 'other' })] },
      'traded',
      '10.00',
      0,
    ],
    [
      'the bot earned its day',
      { risk: { maxDailyProfit: '8.5' }, trades: [trade({ status: 'win', profit: '8.50' })] },
      'daily-profit',
    ],
    [
      'the strategy earned its day',
      { strategy: { risk: { maxDailyProfit: '8.5' } }, trades: [trade({ status: 'win', profit: '8.50' })] },
      'daily-profit',
    ],
    [
      'enough trades of the bot',
      { risk: { maxTradesPerDay: 2 }, trades: [trade({ strategyId: 'other' }), trade({ ...open, symbol: 'ETHUSDT' })] },
      'trades-per-day',
    ],
    [
      'enough trades of the strategy',
      { strategy: { risk: { maxTradesPerDay: 1 } }, trades: [trade({ status: 'tie', profit: '0' })] },
      'trades-per-day',
    ],
    [
      'refused ones do not count',
      { risk: { maxTradesPerDay: 1 }, trades: [trade({ status: 'refused', profit: '0', closedAt: null })] },
      'traded',
      '10.00',
      0,
    ],
    [
      'drawdown reached',
      { risk: { stopDrawdownPct: 1 }, trades: [trade({ strategyId: 'other', ...yesterday })] },
      'drawdown',
    ],
    [
      'drawdown counts from the best',
      {
        risk: { stopDrawdownPct: 2 },
        trades: [trade({ status: 'win', profit: '15', ...yesterday }), trade({ strategyId: 'other', profit: '-20' })],
      },
      'drawdown',
    ],
    [
      'target reached',
      { risk: { targetProfitPct: 1 }, trades: [trade({ status: 'win', profit: '10', ...yesterday })] },
      'target-reached',
    ],
    ['no payout', { payouts: { ETHUSDT: '0.85' } }, 'payout'],
    ['a payout below the least', { strategy: { risk: { minPayout: '0.86' } } }, 'payout'],
    ['the least payout', { strategy: { risk: { minPayout: '0.85' } } }, 'traded', '10.00', 0],
    [
      'spot knows no least payout',
      { strategy: { instrument: 'spot', risk: { minPayout: '2' } } },
      'traded',
      '10.00',
      0,
    ],
    ['a payout of nothing', { payouts: { BTCUSDT: '0' } }, 'payout'],
    ['spot needs none', { payouts: {}, strategy: { instrument: 'spot' } }, 'traded', '10.00', 0],
    [
      'on spot the take-profit is the payout',
      {
        payouts: {},
        strategy: { instrument: 'spot', martingale: { ...dual, plan: 'break-even' }, risk: { takeProfitPct: 50 } },
        trades: [trade({ profit: '-3' })],
      },
      'traded',
      '6.00',
      1,
    ],
    [
      'so it is for a target',
      {
        payouts: {},
        strategy: { instrument: 'spot', martingale: { ...dual, plan: 'target' }, risk: { takeProfitPct: 50 } },
        trades: [trade({ profit: '-3' })],
      },
      'traded',
      '16.00',
      1,
    ],
  ]
  for (const [name, situation, outcome, stake, level] of cases) {
    const decision = decisionIn(situation)
    t.match([decision.outcome, decision.signal?.direction], [outcome, 'call'], name)
    if (outcome === 'traded') t.match(decision.intent, { direction: 'call', stake, level }, name)
    else t.equal(decision.intent, null)
  }
})
