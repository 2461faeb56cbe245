import type { Client } from '../api/client.js'
import { idle, type LiveEvent, type LiveState, step } from './connection.js'

export interface TopicListener {
  onData(data: unknown): void
  /** Messages may have been missed: read again what they would have told. */
  onGap?(): void
}

/** Live messages by topic over one WebSocket, kept up while somebody listens. `url` begins with ws. */
export function createStream(url: string, client: Client) {
  const listeners = new Map<string, Set<TopicListener>>()
  const watchers = new Set<() => void>()
  let state: LiveState = idle
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wasOpen = false

  function happened(event: LiveEvent): void {
    const [next, effects] = step(state, event, Math.random())
    const changed = next.phase !== state.phase
    state = next
    for (const effect of effects) {
      if (effect.type === 'connect') void connect()
      else if (effect.type === 'subscribe' || effect.type === 'unsubscribe')
        socket?.send(JSON.stringify({ [effect.type]: effect.topics }))
      else if (effect.type === 'disconnect') disconnect()
      else if (effect.type === 'wait') timer = setTimeout(() => happened({ type: 'due' }), effect.ms)
      else clearTimeout(timer)
    }
    if (changed) for (const watcher of watchers) watcher()
  }

  function disconnect(): void {
    const old = socket
    socket = undefined
    old?.close()
  }

  async function connect(): Promise<void> {
    const attempt = new WebSocket(url)
    socket = attempt
    const current = () => socket === attempt
    attempt.onopen = async () => {
      // The token may be about to expire and the server ends the session with it, so a reconnect takes a new one.
      const token = await (state.failures > 0 ? client.renewToken() : client.accessToken()).catch(() => undefined)
      if (!current()) return
      if (token === undefined) return attempt.close()
      attempt.send(JSON.stringify({ accessToken: token }))
      happened({ type: 'opened' })
      if (wasOpen) for (const set of [...listeners.values()]) for (const listener of [...set]) listener.onGap?.()
      wasOpen = true
    }
    attempt.onmessage = ({ data }) => {
      if (!current()) return
      happened({ type: 'message' })
      deliver(data)
    }
    attempt.onclose = () => {
      if (!current()) return
      socket = undefined
      happened({ type: 'closed' })
    }
  }

  function deliver(data: unknown): void {
    const message = parse(data)
    if (message === undefined) return
    for (const listener of [...(listeners.get(message.topic) ?? [])]) listener.onData(message.data)
  }

  function changed(): void {
    if (listeners.size === 0) wasOpen = false
    happened({ type: 'want', topics: [...listeners.keys()] })
  }

  return {
    phase: () => state.phase,
    /** Calls back when the phase changes. */
    watch(watcher: () => void): () => void {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    listen(topic: string, listener: TopicListener): () => void {
      const set = listeners.get(topic) ?? new Set()
      set.add(listener)
      listeners.set(topic, set)
      changed()
      return () => {
        set.delete(listener)
        if (set.size > 0) return
        listeners.delete(topic)
        changed()
      }
    },
  }
}
export type Stream = ReturnType<typeof createStream>

function parse(text: unknown): { topic: string; data: unknown } | undefined {
  if (typeof text !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { topic, data } = value as { topic?: unknown; data?: unknown }
    return typeof topic === 'string' ? { topic, data } : undefined
  } catch {
    return undefined
  }
}
