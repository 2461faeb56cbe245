import t from 'tap'
import { idle, type LiveEffect, type LiveEvent, type LiveState, longestWaitMs, step } from './connection.js'

/** The state and all effects after these events, without luck. */
function after(...events: readonly LiveEvent[]): { state: LiveState; effects: LiveEffect[] } {
  let state = idle
  const effects: LiveEffect[] = []
  for (const event of events) {
    const [next, done] = step(state, event, 1)
    state = next
    effects.push(...done)
  }
  return { state, effects }
}

const want = (...topics: string[]): LiveEvent => ({ type: 'want', topics })
const opened: LiveEvent = { type: 'opened' }
const closed: LiveEvent = { type: 'closed' }
const due: LiveEvent = { type: 'due' }

t.test('connects for the first topic and leaves with the last', async (t) => {
  const { state, effects } = after(want('bot'), opened, want())
  t.same(effects, [{ type: 'connect' }, { type: 'subscribe', topics: ['bot'] }, { type: 'disconnect' }])
  t.same(state, idle)
})

t.test('subscribes what was asked for while connecting', async (t) => {
  const { effects } = after(want('bot'), want('bot', 'logs', 'logs'), opened)
  t.same(effects, [{ type: 'connect' }, { type: 'subscribe', topics: ['bot', 'logs'] }])
})

t.test('tells an open connection only what changes', async (t) => {
  const { effects, state } = after(
    want('bot', 'candles:A:M5'),
    opened,
    want('bot', 'candles:B:M5'),
    want('bot', 'candles:B:M5'),
  )
  t.same(effects.slice(2), [
    { type: 'unsubscribe', topics: ['candles:A:M5'] },
    { type: 'subscribe', topics: ['candles:B:M5'] },
  ])
  t.same(state.subscribed, ['bot', 'candles:B:M5'])
})

t.test('reconnects and subscribes all again', async (t) => {
  const { effects } = after(want('bot', 'logs'), opened, closed, due, opened)
  t.same(effects.slice(2), [
    { type: 'wait', ms: 1_000 },
    { type: 'connect' },
    { type: 'subscribe', topics: ['bot', 'logs'] },
  ])
})

t.test('waits longer with each failure, within bounds, until a message comes', async (t) => {
  const failing = Array.from({ length: 8 }, () => [closed, due]).flat()
  const waits = after(want('bot'), ...failing).effects.flatMap((effect) => (effect.type === 'wait' ? [effect.ms] : []))
  t.same(waits, [1_000, 2_000, 4_000, 8_000, ...Array(4).fill(longestWaitMs)])
  const accepted = after(want('bot'), ...failing, opened, closed)
  t.equal(accepted.state.failures, 9, 'a connection that says nothing proves nothing')
  const spoken = after(want('bot'), ...failing, opened, { type: 'message' }, closed)
  t.equal(spoken.state.failures, 1)
})

t.test('spreads reconnects', async (t) => {
  const [connecting] = step(idle, want('bot'), 0)
  const [, effects] = step(connecting, closed, 0)
  t.same(effects, [{ type: 'wait', ms: 500 }])
})

t.test('stops waiting when nobody wants anything', async (t) => {
  const { state, effects } = after(want('bot'), closed, want())
  t.same(effects.at(-1), { type: 'stop-waiting' })
  t.same(state, idle)
  t.same(step(state, due, 1), [idle, []], 'a timer that fires late does nothing')
})

t.test('events that come too late change nothing', async (t) => {
  for (const event of [opened, closed, due, { type: 'message' } as const]) t.same(step(idle, event, 1), [idle, []])
})
