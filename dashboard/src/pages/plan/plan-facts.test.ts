import t from 'tap'
import type { Plan } from '../../api/types.js'
import { isFree, planFacts, yearlySaving } from './plan-facts.js'

const priced = (priceMonth: string, priceYear: string) => ({ priceMonth, priceYear }) as Plan

t.test('a year saves what twelve months cost more, to the cent', async (t) => {
  t.equal(yearlySaving(priced('29.00', '290.00')), '58.00')
  t.equal(yearlySaving(priced('0.10', '1.1')), '0.10')
  t.equal(yearlySaving(priced('10', '120.00')), undefined, 'nothing is saved')
  t.equal(yearlySaving(priced('10', '130')), undefined, 'a year costs more')
})

t.test('a plan is free when neither price is anything', async (t) => {
  t.equal(isFree(priced('0', '0.00')), true)
  t.equal(isFree(priced('0', '0.01')), false)
})

t.test('a plan says whether it has API access', async (t) => {
  const fact = (apiAccess: boolean) =>
    planFacts({ modes: ['paper'], support: 'email', apiAccess } as unknown as Plan).find(
      ([name]) => name === 'API access',
    )
  t.same(fact(true), ['API access', 'Yes'])
  t.same(fact(false), ['API access', 'No'])
})
