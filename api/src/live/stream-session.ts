import { http } from '@sath/contracts'
import { AppError, type Clock } from '@sath/core'
import type { WebSocket } from 'ws'
import type { Authentication } from '../auth/authentication.js'
import type { Caller } from '../auth/caller.js'
import type { Hub, Listener } from './hub.js'
import { outgoing } from './outgoing.js'

const { streamCloseCodes: codes } = http

export interface StreamTimes {
  /** For the first message. */
  readonly helloMs: number
  /** Between pings, each of which must be answered before the next, and between looks whether the sign-in or API token still stands. */
  readonly pingMs: number
}
export const streamTimes: StreamTimes = { helloMs: 5_000, pingMs: 15_000 }

const maxStreamsPerUser = 20
const maxCommandsPerPing = 60
const maxTopics = 60
/** What a timer can wait: 24.8 days. */
const maxTimerMs = 2 ** 31 - 1

export interface StreamDeps {
  readonly hub: Hub
  readonly authenticate: Authentication['authenticate']
  readonly now: Clock
  readonly times: StreamTimes
  /** Open streams by user. */
  readonly open: Map<string, number>
  /** Called when a bot is watched, so that its present status is told. */
  readonly watched: (tenantId: string) => void
}

/**
 * One stream, from the first message to its end. It ends with the access token, with the sign-in or API token and with the
 * account; a reader that answers no ping is cut off.
 *
 * @param address where from
 */
export function runStream(socket: WebSocket, address: string, deps: StreamDeps, firstTopics: readonly string[]): void {
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
    const { accessToken } = parsed.data
    const caller = await identify(accessToken)
    if (typeof caller === 'string')
      return close(codes.unauthenticated, caller === 'plan-limit' ? caller : 'not signed in')
    if (socket.readyState !== 1) return
    const streams = (deps.open.get(caller.id) ?? 0) + 1
    if (streams > maxStreamsPerUser) return close(codes.tooMany, 'too many streams')
    deps.open.set(caller.id, streams)
    clearTimeout(timers[0])
    listener = { tenantId: caller.id, hear: out.send }
    for (const topic of firstTopics) subscribe(listener, topic)
    keepWatch(accessToken, caller)
  }

  /** Who shows this; else why it is not, or no longer, enough. */
  async function identify(accessToken: string): Promise<Caller | 'session-ended' | 'plan-limit'> {
    try {
      return await deps.authenticate(accessToken, address)
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthenticated') return 'session-ended'
      if (error instanceof AppError && error.code === 'plan-limit') return 'plan-limit'
      throw error
    }
  }

  function keepWatch(accessToken: string, { expiresAt }: Caller): void {
    const leftMs = expiresAt === null ? maxTimerMs : Math.max(0, expiresAt - deps.now())
    // One whose end is further off is seen to have ended by the next ping after it.
    if (leftMs < maxTimerMs) timers.push(setTimeout(() => close(codes.unauthenticated, 'token-expired'), leftMs))
    timers.push(
      setInterval(() => {
        if (!isAlive) return socket.terminate()
        isAlive = false
        commands = 0
        socket.ping()
        identify(accessToken).then(
          (still) => typeof still === 'string' && close(codes.unauthenticated, still),
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

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString())
  } catch {
    return undefined
  }
}
