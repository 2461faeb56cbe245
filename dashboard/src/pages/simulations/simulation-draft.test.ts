import t from 'tap'
import type { SimulationPreset, StrategyInfo } from '../../api/types.js'
import { newStrategy } from '../setup/draft.js'
import { firstSimulation, putIn, simulationBody, simulationErrors } from './simulation-draft.js'

const rsi: StrategyInfo = {
  id: 'rsi-reversal',
  name: 'RSI reversal',
  summary: '',
  source: '',
  warmUp: 16,
  params: { properties: { period: { type: 'integer', default: 14 } } },
}
const classic: SimulationPreset = {
  id: 'classic-80',
  name: 'the classic 80 %',
  summary: '80 % was put in',
  input: {
    plan: 'BE',
    ladder: 'single',
    capital: 3500,
    stake: 20,
    payout: 0.8,
    winRate: 0.8,
    tieRate: 0,
    maxGales: 6,
    cycles: 60,
  },
}
const draft = firstSimulation(newStrategy('7a0f6a50-50f3-4f5c-8a2c-2a3a54d4a111', rsi, 'BTCUSDT'))
const bodyOf = (changes: Partial<typeof draft>) => simulationBody({ ...draft, ...changes }, [rsi], [classic])

t.test('measures the win rate unless one is put in', async (t) => {
  t.same(simulationErrors(draft), [])
  t.match(bodyOf({}), { strategy: 'rsi-reversal', params: { period: 14 }, symbol: 'BTCUSDT', timeframe: 'M5' })
  t.notMatch(bodyOf({}), { winRate: Number })
  const given = bodyOf({ rate: 'given', winRate: '55.55' })
  t.match(given, { winRate: 0.5555, payout: 0.85 })
  t.notOk('strategy' in given || 'symbol' in given)
  t.notOk('tieRate' in bodyOf({}), 'ties are measured with it')
  t.match(bodyOf({ tieRate: '2.5' }), { tieRate: 0.025 })
})

t.test('a win rate that is still the preset’s is left to the preset', async (t) => {
  t.same(bodyOf({ ...putIn(classic), scenarios: '1000', seed: '1' }), {
    preset: 'classic-80',
    plan: 'BE',
    ladder: 'single',
    capital: 3500,
    stake: 20,
    payout: 0.8,
    gales: 6,
    cycles: 60,
    rounding: 'none',
    tieRate: 0,
    scenarios: 1000,
    seed: 1,
    exact: true,
  })
  t.match(bodyOf({ ...putIn(classic), winRate: '50' }), { preset: 'classic-80', winRate: 0.5 })
})

t.test('a stake may be a part of the balance', async (t) => {
  const preset = { ...classic, input: { ...classic.input, stake: { fraction: 0.015 } } }
  t.match(putIn(preset), { stake: '1.5', stakeIn: 'percent' })
  t.match(bodyOf(putIn(preset)), { stake: { fraction: 0.015 } })
})

t.test('a scenario is as long as so many cycles or trades, and may end early', async (t) => {
  const body = bodyOf({ lengthIn: 'trades', trades: '50', stopLoss: '500', maxStake: ' 25.50 ', rounding: 'cents' })
  t.match(body, { trades: 50, stopLoss: 500, maxStake: 25.5, rounding: 'cents' })
  t.notOk('cycles' in body || 'takeProfit' in body || 'minStake' in body, 'what was not said is left out')
  const { cycles, ...rest } = classic.input
  const preset = { ...classic, input: { ...rest, trades: 9, takeProfit: 4000, rounding: 'cents' } }
  const filled = putIn(preset)
  t.match(filled, { lengthIn: 'trades', trades: '9', takeProfit: '4000', stopLoss: '', rounding: 'cents' })
  t.match(bodyOf(filled), { trades: 9, takeProfit: 4000 })
})

t.test('a win rate is measured on the candles asked for', async (t) => {
  const from = '2024-12-01T00:00:00.000Z'
  const measured = { ...draft.measured, source: 'binance' }
  t.match(bodyOf({ measured, from }), { source: 'binance', from })
  const given = bodyOf({ measured, from, rate: 'given' })
  t.notOk('source' in given || 'from' in given, 'nothing of it where a rate is put in')
})

t.test('says what is wrong, where the server would', async (t) => {
  const wrong = {
    capital: '',
    stake: '0',
    payout: 'x',
    gales: '1.5',
    cycles: '-1',
    scenarios: 'many',
    seed: 'x',
    minStake: '-1',
  }
  const paths = simulationErrors({ ...draft, ...wrong, rate: 'given', winRate: '101', tieRate: 'few' }).map(
    (e) => e.path,
  )
  t.same(paths.toSorted(), [...Object.keys(wrong), 'winRate', 'tieRate'].toSorted())
  const measured = { ...draft.measured, symbols: [], stake: 'x' }
  t.same(
    simulationErrors({ ...draft, measured, winRate: 'x' }).map(({ path }) => path),
    ['symbol'],
    'what is not sent cannot be wrong',
  )
})
