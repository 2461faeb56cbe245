import t from 'tap'
import type { StrategyInfo } from '../../api/types.js'
import { newStrategy } from '../setup/draft.js'
import { backtestBody, backtestErrors, firstBacktest } from './backtest-draft.js'
import { firstSearch, type SearchDraft } from './search-draft.js'

const rsi: StrategyInfo = {
  id: 'rsi-reversal',
  name: 'RSI reversal',
  summary: '',
  source: '',
  warmUp: 16,
  params: { properties: { period: { type: 'integer', default: 14 } } },
}
const draft = firstBacktest(newStrategy('7a0f6a50-50f3-4f5c-8a2c-2a3a54d4a111', rsi, 'BTCUSDT'))

t.test('asks for one strategy by itself, with nothing of a bot', async (t) => {
  t.same(backtestErrors(draft), [])
  t.same(backtestBody({ ...draft, spread: '0.02', from: '2024-12-01T00:00:00.000Z' }, [rsi]), {
    strategy: 'rsi-reversal',
    params: { period: 14 },
    symbols: ['BTCUSDT'],
    timeframe: 'M5',
    instrument: 'binary',
    expiryCandles: 1,
    stake: '1.00',
    martingale: { plan: 'none', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2 },
    risk: {},
    capital: '1000.00',
    payout: '0.85',
    spread: '0.0002',
    from: '2024-12-01T00:00:00.000Z',
  })
})

t.test('asks for the bot with the terms only', async (t) => {
  const bot = { ...draft, what: 'bot', capital: 'x', strategy: { ...draft.strategy, stake: 'x' } } as const
  t.same(backtestErrors(bot), [], 'what is not sent cannot be wrong')
  t.same(backtestBody(bot, [rsi]), { payout: '0.85', spread: '0.00' })
})

t.test('a search tries what was said of the parameters the strategy has', async (t) => {
  const ranges = {
    period: { from: '10', to: '20', step: '' },
    oversold: { from: '20', to: '30', step: '2.5' },
    gone: { from: '1', to: '2', step: '' },
  }
  const strategy = { ...draft.strategy, params: { period: '14', oversold: '30', overbought: '70' } }
  const search: SearchDraft = { ...firstSearch, ranges }
  t.same(backtestErrors({ ...draft, strategy, search }), [])
  t.match(backtestBody({ ...draft, strategy, search }, [rsi]), {
    optimise: {
      search: 'grid',
      ranges: { period: { from: 10, to: 20 }, oversold: { from: 20, to: 30, step: 2.5 }, gone: undefined },
      variants: 100,
      windows: 4,
      trainShare: 0.7,
      score: 'mean-return',
      minTrades: 30,
      seed: undefined,
    },
  })
  t.match(backtestBody({ ...draft, strategy, search: { ...search, seed: ' 7 ', trainShare: '66.6' } }, [rsi]), {
    optimise: { seed: 7, trainShare: 0.666 },
  })
  const wrong: SearchDraft = {
    ...search,
    ranges: { period: { from: '20', to: '10', step: '' } },
    variants: '',
    windows: 'x',
    trainShare: '',
    seed: '-1',
  }
  const paths = (one: SearchDraft) => backtestErrors({ ...draft, strategy, search: one }).map(({ path }) => path)
  t.same(paths(firstSearch), ['optimise.ranges.period'])
  t.same(
    paths(wrong).toSorted(),
    ['ranges.period', 'seed', 'trainShare', 'variants', 'windows'].map((path) => `optimise.${path}`),
  )
})

t.test('says what is wrong, where the server would', async (t) => {
  const strategy = { ...draft.strategy, symbols: [], stake: '0', name: '' }
  const errors = backtestErrors({ ...draft, strategy, payout: '0', spread: '-1', capital: '1,000' })
  t.same(errors.map(({ path }) => path).toSorted(), ['capital', 'payout', 'spread', 'stake', 'symbols'])
})
