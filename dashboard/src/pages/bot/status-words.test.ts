import t from 'tap'
import type { BotStatus } from '../../api/types.js'
import { type Command, commandsFor, holdWords, isStatus } from './status-words.js'

const stopped: BotStatus = {
  status: 'stopped',
  desired: 'stopped',
  generation: 0,
  observedGeneration: 0,
  mode: 'paper',
  hold: null,
  holdReason: null,
  run: null,
  conditions: [],
  lastStop: null,
}

const cases: readonly [string, Partial<BotStatus>, readonly Command[]][] = [
  ['stopped', {}, ['start']],
  ['starting', { status: 'starting', desired: 'running' }, ['stop']],
  ['running', { status: 'running', desired: 'running' }, ['restart', 'stop']],
  ['stopping', { status: 'stopping' }, []],
  ['stopping for a restart', { status: 'stopping', desired: 'running' }, ['stop']],
  ['held by an admin', { hold: 'admin' }, []],
  ['not paid', { hold: 'billing' }, []],
  ['in a crash loop', { status: 'error', desired: 'running', hold: 'crash-loop' }, ['start', 'stop']],
]
for (const [name, change, commands] of cases)
  t.test(name, async (t) => {
    t.same(commandsFor({ ...stopped, ...change }), commands)
  })

t.test('a hold that its subscriber can end leads to where', async (t) => {
  for (const [hold, { ways }] of Object.entries(holdWords)) t.equal(ways.length > 0, hold !== 'admin', hold)
})

t.test('knows a status from other messages', async (t) => {
  t.ok(isStatus(stopped))
  for (const data of [null, 'running', {}, { status: 'running' }, { ...stopped, status: 'asleep' }])
    t.notOk(isStatus(data))
})
