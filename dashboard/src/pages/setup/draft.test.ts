import t from 'tap'
import type { BotConfig, StrategyInfo } from '../../api/types.js'
import { configOf, draftErrors, draftOf, emptyDraft, newStrategy } from './draft.js'

const rsi: StrategyInfo = {
  id: 'rsi-reversal',
  name: 'RSI reversal',
  summary: '',
  source: '',
  warmUp: 16,
  params: {
    properties: {
      period: { type: 'integer', minimum: 2, maximum: 100, default: 14 },
      oversold: { type: 'number', default: 30 },
    },
  },
}
const id = '7a0f6a50-50f3-4f5c-8a2c-2a3a54d4a111'

const full: BotConfig = {
  mode: 'live',
  onStop: 'keep',
  capital: '100.00',
  timezone: 'America/Argentina/Buenos_Aires',
  risk: { maxDailyLoss: '10.50', stopDrawdownPct: 12.5, maxTradesPerDay: 7 },
  strategies: [
    {
      id,
      name: 'Mine',
      enabled: false,
      strategy: 'rsi-reversal',
      params: { period: 10, oversold: 25.5 },
      symbols: ['BTCUSDT'],
      source: 'binance',
      timeframe: 'M5',
      instrument: 'spot',
      expiryCandles: 3,
      stake: '1.00',
      brokerAccountId: '7a0f6a50-50f3-4f5c-8a2c-2a3a54d4a222',
      martingale: { plan: 'classic', ladder: 'dual', next: 'candle', multiplier: '2.0', maxLevel: 2 },
      risk: {
        stopLossPct: 1.5,
        cooldownCandles: 0,
        cooldownAfterLosses: 3,
        maxDailyProfit: '3.00',
        minPayout: '0.855',
      },
      tradingHours: { timezone: 'Europe/Madrid', days: [1, 2], start: '08:00', end: '18:00' },
      confirmTimeframe: 'M15',
    },
  ],
}

t.test('a saved configuration comes back as it was', async (t) => {
  t.same(configOf(draftOf(full), [rsi]), full)
  t.equal(draftOf(full).strategies[0]?.risk.minPayout, '85.5', 'a share is typed in per cent')
  const { source, brokerAccountId, tradingHours, confirmTimeframe, ...least } = full.strategies[0]!
  const { timezone, ...utc } = full
  const plain: BotConfig = { ...utc, risk: {}, strategies: [{ ...least, params: {}, risk: {} }] }
  t.same(configOf(draftOf(plain), [rsi]), plain, 'what is absent stays absent')
})

t.test('a new strategy has the defaults of the catalogue and can be saved', async (t) => {
  const draft = { ...emptyDraft(), strategies: [newStrategy(id, rsi, 'BTCUSDT')] }
  t.same(draftErrors(draft), [])
  t.same(configOf(draft, [rsi]).strategies[0]?.params, { period: 14, oversold: 30 })
})

t.test('says what is wrong, where the server would', async (t) => {
  const strategy = {
    ...newStrategy(id, rsi, undefined),
    name: ' ',
    stake: '1,50',
    expiryCandles: '',
    risk: { maxTradesPerDay: 'ten', maxDailyLoss: '0', minPayout: '-85' },
    tradingHours: { timezone: '', days: [], start: '', end: '18:00' },
  }
  const paths = draftErrors({ ...emptyDraft(), capital: '', timezone: 'Madrid', strategies: [strategy] }).map(
    ({ path }) => path,
  )
  t.same(paths.toSorted(), [
    'capital',
    'strategies.0.expiryCandles',
    'strategies.0.name',
    'strategies.0.risk.maxDailyLoss',
    'strategies.0.risk.maxTradesPerDay',
    'strategies.0.risk.minPayout',
    'strategies.0.stake',
    'strategies.0.symbols',
    'strategies.0.tradingHours.days',
    'strategies.0.tradingHours.start',
    'strategies.0.tradingHours.timezone',
    'timezone',
  ])
})
