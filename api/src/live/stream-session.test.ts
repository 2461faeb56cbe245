import { EventEmitter } from 'node:events'
import { memoryBus } from '@sath/bus'
import { AppError } from '@sath/core'
import t from 'tap'
import type { WebSocket } from 'ws'
import type { Caller } from '../auth/caller.js'
import { createHub } from './hub.js'
import { runStream } from './stream-session.js'

const caller: Caller = { id: 'u', role: 'subscriber', expiresAt: null, by: { kind: 'sign-in', sessionId: 's' } }
const market = {
  current: async () => ({ source: undefined, synthetic: false, offered: [] }),
  symbols: async () => [],
}

/** A stream without a network, which says hello at once. */
function hello(authenticate: () => Promise<Caller>, now = () => 0) {
  const socket = Object.assign(new EventEmitter(), { readyState: 1, bufferedAmount: 0, send() {} })
  const ping = () => socket.emit('pong')
  const closed = new Promise<[number, string]>((resolve) =>
    Object.assign(socket, {
      ping,
      close(code: number, reason: string) {
        socket.emit('close')
        resolve([code, reason])
      },
    }),
  )
  const times = { helloMs: 60_000, pingMs: 20 }
  const deps = { hub: createHub(memoryBus(), market), authenticate, now, times, open: new Map(), watched: () => {} }
  runStream(socket as unknown as WebSocket, '127.0.0.1', deps, [])
  socket.emit('message', Buffer.from(JSON.stringify({ accessToken: 'x' })))
  return closed
}

t.test('a stream ends when what it was opened with ends, to the moment', async (t) => {
  t.same(
    await hello(
      async () => ({ ...caller, expiresAt: 1_005 }),
      () => 1_000,
    ),
    [4401, 'token-expired'],
  )
  t.same(
    await hello(
      async () => ({ ...caller, expiresAt: 1_000 }),
      () => 1_001,
    ),
    [4401, 'token-expired'],
  )
})

t.test('what cannot be asked for now ends no stream, what has ended does', async (t) => {
  for (const [code, reason] of [
    ['unauthenticated', 'session-ended'],
    ['plan-limit', 'plan-limit'],
  ] as const) {
    let asked = 0
    const closed = hello(async () => {
      asked++
      if (asked === 1) return caller
      if (asked === 2) throw new Error('the database is away')
      if (asked === 3) throw new AppError('rate-limited', 'Too many requests.')
      throw new AppError(code, 'No.')
    })
    t.same(await closed, [4401, reason])
    t.equal(asked, 4)
  }
  t.same(await hello(() => Promise.reject(new Error('the database is away'))), [1011, 'internal'])
})
