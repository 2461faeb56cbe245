import { http } from '@sath/contracts'
import type { Clock } from '@sath/core'
import type { WebSocket } from 'ws'
import type { AccessTokens, Caller } from '../auth/access-token.js'
import type { Sessions } from '../auth/sessions.js'
import type { Hub, Listener } from './hub.js'
import { outgoing } from './outgoing.js'

const { streamCloseCodes: codes } = http

export interface StreamTimes {
  /** For the first message. */
  readonly helloMs: number
  /** Between pings, each of which must be answered before the next, and between looks whether the sign-in still stands. */
  readonly pingMs: number
}
export const streamTimes: StreamTimes = { helloMs: 5_000, pingMs: 15_000 }

const maxStreamsPerUser = 20
const maxCommandsPerPing = 60
const maxTopics = 60

export interface StreamDeps {
  readonly hub: Hub
  readonly tokens: AccessTokens
  readonly sessions: Sessions
  readonly now: Clock
  readonly times: StreamTimes
  /** Open streams by user. */
  readonly open: Map<string, number>
  /** Called when a bot is watched, so that its present status is told. */
  readonly watched: (tenantId: string) => void
}

/**
 * One stream, from the first message to its end. It ends with the access token, with the sign-in and with the account; a
 * reader that answers no ping is cut off.
 */
export function runStream(socket: WebSocket, deps: StreamDeps, firstTopics: readonly string[]): void {
  const { hub, times } = deps
  const out = outgoing(socket)
  const topics = new Set<string>()
  let listener: Listener | undefined
  let isAlive = true
  let commands = 0
  const close = (code: number, reason: string) => socket.close(code, reason)
  const timers: NodeJS.Timeout[] = [setTimeout(() => close(codes.authTimeout, 'no access token'), times.helloMs)]

  // Messages are taken one after the other: what comes before the sign-in is checked waits for it.
  let queue: Promise<void> = Promise.resolve()
  socket.on('message', (raw: Buffer) => {
    if (++commands > maxCommandsPerPing) return close(codes.badMessage, 'too many messages')
    const message = parse(raw)
    queue = queue
      .then(() => (listener ? command(listener, message) : hello(message)))
      .catch(() => close(1011, 'internal'))
  })
  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('close', () => {
    for (const timer of timers) clearTimeout(timer)
    if (!listener) return
    for (const topic of topics) hub.remove(listener, topic)
    const left = (deps.open.get(listener.tenantId) ?? 1) - 1
    if (left > 0) deps.open.set(listener.tenantId, left)
    else deps.open.delete(listener.tenantId)
  })

  async function hello(message: unknown): Promise<void> {
    const parsed = http.StreamHello.safeParse(message)
    if (!parsed.success) return close(codes.badMessage, 'the first message is {accessToken}')
    const caller = await identify(deps, parsed.data.accessToken)
    if (!caller) return close(codes.unauthenticated, 'not signed in')
    if (socket.readyState !== 1) return
    const streams = (deps.open.get(caller.id) ?? 0) + 1
    if (streams > maxStreamsPerUser) return close(codes.tooMany, 'too many streams')
    deps.open.set(caller.id, streams)
    clearTimeout(timers[0])
    listener = { tenantId: caller.id, hear: out.send }
    for (const topic of firstTopics) subscribe(listener, topic)
    keepWatch(caller)
  }

  function keepWatch(caller: Caller): void {
    const untilExpiry = Math.min(Math.max(0, caller.expiresAt - deps.now()), 2 ** 31 - 1)
    timers.push(setTimeout(() => close(codes.unauthenticated, 'token-expired'), untilExpiry))
    timers.push(
      setInterval(() => {
        if (!isAlive) return socket.terminate()
        isAlive = false
        commands = 0
        socket.ping()
        deps.sessions.check(caller.id, caller.sessionId).then(
          (session) => session ?? close(codes.unauthenticated, 'session-ended'),
          () => {},
        )
      }, times.pingMs),
    )
  }

  async function command(from: Listener, message: unknown): Promise<void> {
    const parsed = http.StreamCommand.safeParse(message)
    if (!parsed.success) return close(codes.badMessage, 'not a command')
    if ('subscribe' in parsed.data) for (const topic of parsed.data.subscribe) subscribe(from, topic)
    else
      for (const topic of parsed.data.unsubscribe) {
        topics.delete(topic)
        hub.remove(from, topic)
      }
  }

  function subscribe(from: Listener, topic: string): void {
    if (topics.size >= maxTopics && !topics.has(topic)) {
      close(codes.badMessage, 'too many topics')
      return
    }
    topics.add(topic)
    hub.add(from, topic)
    if (topic === 'bot') deps.watched(from.tenantId)
  }
}

async function identify({ tokens, sessions }: StreamDeps, token: string): Promise<Caller | undefined> {
  try {
    const { sub, sid, exp } = tokens.verify(token)
    const session = await sessions.check(sub, sid)
    return session && { id: sub, sessionId: sid, role: session.role, expiresAt: exp * 1000 }
  } catch {
    return undefined
  }
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString())
  } catch {
    return undefined
  }
}
