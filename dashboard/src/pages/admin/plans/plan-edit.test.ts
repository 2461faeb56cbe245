import t from 'tap'
import type { Plan } from '../../../api/types.js'
import { planEdit, planFields } from './plan-edit.js'

const plan: Plan = {
  id: 'basic',
  name: 'Basic',
  priceMonth: '29',
  priceYear: '290',
  currency: 'USD',
  trialDays: 0,
  maxStrategies: 3,
  maxSymbols: 5,
  maxTradesPerDay: 50,
  maxCapitalPerTrade: '20',
  maxCapital: null,
  modes: ['paper', 'live'],
  multiTimeframe: true,
  backtesting: true,
  historyDays: 30,
  aiEnsemble: false,
  apiAccess: false,
  logRetentionDays: 30,
  support: 'email',
  memoryMiB: 128,
  cpu: 0.25,
}
/** The form as the browser sends it: unchecked boxes are absent. */
const filled = {
  live: 'on',
  ...Object.fromEntries(
    planFields.flatMap(({ name }) => {
      const value = plan[name]
      if (typeof value === 'boolean') return value ? [[name, 'on']] : []
      return [[name, value === null ? '' : String(value)]]
    }),
  ),
}

t.test('a form that was not touched changes nothing', async (t) => {
  t.same(planEdit(plan, filled), { edit: {}, errors: [] })
})

t.test('only what was changed is sent', async (t) => {
  const { multiTimeframe: _, live: __, ...rest } = filled as Record<string, string>
  t.same(planEdit(plan, { ...rest, maxSymbols: '', maxCapital: ' 500.50 ', cpu: '0.5', trialDays: '14' }).edit, {
    maxSymbols: null,
    maxCapital: '500.50',
    cpu: 0.5,
    trialDays: 14,
    multiTimeframe: false,
    modes: ['paper'],
  })
})

t.test('what is no number is a fault, never an absent limit', async (t) => {
  const { edit, errors } = planEdit(plan, {
    ...filled,
    maxSymbols: 'ten',
    maxCapital: '1e3',
    priceMonth: '',
    memoryMiB: '1.5',
  })
  t.same(edit, {})
  t.same(errors.map(({ path }) => path).sort(), ['maxCapital', 'maxSymbols', 'memoryMiB', 'priceMonth'])
})
