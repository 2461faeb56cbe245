import { apiTokenRepository } from '@sath/db'
import t from 'tap'
import { billingSetup } from '../billing/setup.fixture.js'

t.test('the preview of a plan says what becomes of API tokens', async (t) => {
  const app = await billingSetup(t)
  const user = await app.user()
  const preview = async (plan: string) => {
    const answer = await app.call('GET', `/v1/billing/preview?plan=${plan}`, { as: user })
    return answer.json<{ effects: { apiTokens: object | null } }>().effects.apiTokens
  }
  t.equal(await preview('pro'), null, 'there are none')
  const tokens = apiTokenRepository(app.db, user.id)
  await tokens.create({ name: 'a', scope: 'read' })
  t.same(await preview('pro'), {
    count: 1,
    message:
      'The plan has no API access: your API token does not work on it. It is kept, and works again on a plan that has it.',
  })
  await tokens.create({ name: 'b', scope: 'trade' })
  t.same(await preview('basic'), {
    count: 2,
    message:
      'The plan has no API access: your 2 API tokens do not work on it. They are kept, and work again on a plan that has it.',
  })
  t.equal(await preview('enterprise'), null, 'the plan has it')
})
