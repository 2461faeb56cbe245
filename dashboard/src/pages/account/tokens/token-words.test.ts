import t from 'tap'
import type { ApiToken, Plan } from '../../../api/types.js'
import { curlLine, lifetimes, newToken, tokenState, whoHasAccess } from './token-words.js'

const token: ApiToken = {
  id: '00000000-0000-4000-8000-000000000001',
  name: 'Sheet',
  scope: 'read',
  hint: 'x1_9',
  createdAt: '2026-03-01T00:00:00Z',
  expiresAt: '2026-03-31T00:00:00Z',
  lastUsedAt: null,
}
const end = Date.parse('2026-03-31T00:00:00Z')

t.test('a token works until its end, and while the plan has API access', async (t) => {
  t.match(tokenState(token, true, end - 1), { tone: 'good', text: 'Works' })
  t.match(tokenState(token, true, end), { text: 'Expired' })
  t.match(tokenState(token, false, end - 1), { tone: 'warning', text: 'Not on your plan' })
  t.match(tokenState(token, false, end), { text: 'Expired' }, 'no plan brings it back')
  t.match(tokenState({ ...token, expiresAt: null }, true, end), { text: 'Works' }, 'without end')
})

t.test('the form asks for a trimmed name, a scope and whole days', async (t) => {
  t.same(newToken({ name: ' Sheet ', scope: 'trade', days: '90' }), { name: 'Sheet', scope: 'trade', days: 90 })
  t.same(newToken({ name: 'Sheet', scope: 'read', days: '' }), { name: 'Sheet', scope: 'read' }, 'without end')
  t.same(newToken({ name: 'Sheet' }), { name: 'Sheet', scope: 'read' }, 'the least where nothing was picked')
  t.ok(lifetimes.every(({ value }) => Number(value) <= 365))
})

t.test('the line for a shell is one call with the token', async (t) => {
  t.equal(
    curlLine('https://sath.example', 'sath_abc-_9'),
    'curl -H "Authorization: Bearer sath_abc-_9" https://sath.example/api/v1/bot/status',
  )
})

t.test('the plans with API access are named', async (t) => {
  const plan = (name: string, apiAccess: boolean) => ({ name, apiAccess }) as Plan
  t.equal(whoHasAccess([plan('Free', false), plan('Enterprise', true)]), 'The plan Enterprise has it.')
  t.equal(whoHasAccess([plan('Pro', true), plan('Enterprise', true)]), 'The plans Pro and Enterprise have it.')
  t.equal(whoHasAccess([plan('Free', false)]), 'No plan has it now.')
})
