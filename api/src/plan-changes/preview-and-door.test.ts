import type { PlanLimits } from '@sath/core'
import { noLimits } from '@sath/core/testing'
import { entryRefusal } from '@sath/db'
import { planChangePreview, worstCase } from '@sath/engine'
import fc from 'fast-check'
import t from 'tap'
import { config, strategy } from '../app.fixture.js'

t.test('what the preview says of strategies, symbols and levels is what the order door does', async () => {
  const limit = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null })
  const amount = fc.option(fc.constantFrom('1', '2', '5', '8'), { nil: null })
  const plan = fc
    .record({
      maxStrategies: limit,
      maxSymbols: limit,
      maxCapitalPerTrade: amount,
      multiTimeframe: fc.boolean(),
      modes: fc.constantFrom<PlanLimits['modes']>(['paper'], ['paper', 'live']),
    })
    .map((limits): PlanLimits => ({ ...noLimits, ...limits }))
  const one = fc
    .record({
      enabled: fc.boolean(),
      symbols: fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D'), { minLength: 1 }),
      stake: fc.constantFrom('1', '2', '6'),
      maxLevel: fc.integer({ min: 0, max: 3 }),
      confirms: fc.boolean(),
    })
    .map(({ maxLevel, confirms, ...rest }) => {
      const { martingale } = strategy()
      const ladder = { ...martingale, plan: 'classic' as const, maxLevel }
      return strategy({ ...rest, martingale: ladder, ...(confirms ? { confirmTimeframe: 'M15' } : {}) })
    })
  const anyConfig = fc
    .record({ mode: fc.constantFrom('paper' as const, 'live' as const), strategies: fc.array(one, { maxLength: 5 }) })
    .map(config)
  fc.assert(
    fc.property(anyConfig, plan, (saved, after) => {
      const facts = {
        plan: after,
        tradesOfUtcDay: 0,
        tradesOfDay: 0,
        atStake: '0',
        profit: '1000000',
        profitOfDay: '0',
      }
      const { strategies } = planChangePreview({
        config: saved,
        positions: [],
        before: noLimits,
        after,
        running: true,
        resizes: true,
      })
      for (const each of saved.strategies) {
        const foretold = strategies.find(({ strategyId }) => strategyId === each.id)
        for (const symbol of each.symbols) {
          const { levels } = worstCase(each)
          for (const [level, stake] of levels.entries()) {
            const refused = entryRefusal({ config: saved, strategyId: each.id, symbol, stake }, facts) !== undefined
            const says =
              !foretold ||
              foretold.pausedSymbols.includes(symbol) ||
              (foretold.bust !== undefined && level >= foretold.bust.level)
            if (refused !== says) return false
          }
        }
      }
      return true
    }),
    { numRuns: 500 },
  )
})
