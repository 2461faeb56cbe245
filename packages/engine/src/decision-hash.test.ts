import fc from 'fast-check'
import t from 'tap'
import { createDecisionHash, type DecisionContent, type DecisionRange } from './decision-hash.js'
import { botConfig } from './testing/configs.js'
import { busyStart, busyStrategy, marketSteps, play } from './testing/play.js'

const second = '5f0c7f3e-6f3b-4b51-9d0a-0a4d2f6f1c02'
const config = botConfig({
  strategies: [busyStrategy(), busyStrategy({ id: second, strategy: 'rsi-reversal', params: { period: 2 } })],
})
const { decided } = play(busyStart({ config }), marketSteps(300, 5))

function hashOf(decisions: readonly DecisionContent[]): string {
  const hash = createDecisionHash()
  for (const each of decisions) hash.add(each)
  return hash.digest()
}

const whole = hashOf(decided)

t.test('it is of what was decided, not of how strategies take turns, nor of versions and checkpoints', async (t) => {
  t.match(whole, /^[0-9a-f]{64}$/)
  t.ok(decided.some(({ intent }) => intent) && decided.some(({ signal }) => !signal))
  const byStrategy = [...decided].sort((a, b) =>
    a.strategyId < b.strategyId ? -1 : a.strategyId > b.strategyId ? 1 : 0,
  )
  t.equal(hashOf(byStrategy), whole)
  t.equal(hashOf(decided.map((each) => ({ ...each, configVersion: 9 }))), whole)
  t.equal(
    hashOf(
      decided.map((each) => ({ ...each, intent: each.intent && { ...each.intent, stake: `${each.intent.stake}0` } })),
    ),
    whole,
    'a zero behind the stake is nothing',
  )
  const hash = createDecisionHash()
  for (const each of decided) {
    hash.add(each)
    hash.digest()
  }
  t.equal(hash.digest(), whole, 'asking for it changes nothing')
})

t.test('ranges of silent decisions make the same, however they are cut', async (t) => {
  const silent = (each: DecisionContent) => !each.signal && !each.intent
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), (longest) => {
      const hash = createDecisionHash()
      for (const id of [second, busyStrategy().id]) {
        let range: DecisionRange | undefined
        for (const each of decided.filter(({ strategyId }) => strategyId === id)) {
          const { candleTime: to, outcome, reason } = each
          const goesOn = range?.outcome === outcome && range.reason === reason && range.candles < longest
          if (range && goesOn && silent(each)) range = { ...range, to, candles: range.candles + 1 }
          else {
            if (range) hash.addRange(range)
            range = silent(each)
              ? { strategyId: id, symbol: each.symbol, outcome, reason, from: to, to, candles: 1 }
              : undefined
            if (!silent(each)) hash.add(each)
          }
        }
        if (range) hash.addRange(range)
      }
      t.equal(hash.digest(), whole)
    }),
    { numRuns: 20 },
  )
})

t.test('whatever is different in one decision makes another', async (t) => {
  const traded = decided.findIndex(({ intent }) => intent)
  const quiet = decided.findIndex(({ outcome }, index) => outcome === 'no-signal' && index > traded)
  const changed = (index: number, change: (each: DecisionContent) => Partial<DecisionContent>) =>
    hashOf(decided.map((each, at) => (at === index ? { ...each, ...change(each) } : each)))
  const intent = (part: object) => (each: DecisionContent) => ({ intent: each.intent && { ...each.intent, ...part } })
  const signal = (part: object) => (each: DecisionContent) => ({ signal: each.signal && { ...each.signal, ...part } })
  const hashes = [
    changed(quiet, () => ({ outcome: 'warm-up' })),
    changed(quiet, () => ({ reason: 'no signaL' })),
    changed(traded, ({ candleTime }) => ({ candleTime: candleTime + 1 })),
    changed(traded, () => ({ reason: 'because' })),
    changed(traded, () => ({ signal: null })),
    changed(traded, () => ({ intent: null })),
    changed(traded, intent({ stake: '10.01' })),
    changed(traded, intent({ level: 7 })),
    changed(traded, intent({ direction: 'none' })),
    changed(traded, intent({ confidence: 0.123 })),
    changed(traded, signal({ direction: 'none' })),
    changed(traded, signal({ confidence: Number.MIN_VALUE })),
    changed(traded, signal({ reason: '' })),
    hashOf(decided.slice(0, -1)),
    hashOf(decided.toSpliced(quiet, 1)),
    hashOf(decided.map((each) => ({ ...each, symbol: 'ETHUSDT' }))),
  ]
  t.equal(new Set([...hashes, whole]).size, hashes.length + 1)
})
