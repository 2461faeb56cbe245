import type { Bus } from '@sath/bus'
import { http } from '@sath/contracts'
import type { Candle } from '@sath/core'
import { logLine } from '../logs/log-line.js'
import type { Market } from '../market-source.js'

/** Somebody who hears topics as clients name them: `logs`, `bot`, `signals`, `trades`, `candles:<symbol>:<timeframe>`. */
export interface Listener {
  readonly tenantId: string
  hear(topic: string, data: unknown): void
}

export interface Hub {
  /** Idempotent per listener and topic. A listener hears its own tenant only; the topic never names one. */
  add(listener: Listener, topic: string): void
  remove(listener: Listener, topic: string): void
  /** Tells every listener of the tenant's topic. */
  tell(tenantId: string, topic: string, data: unknown): void
  /** Tenants with somebody who hears this topic. */
  listens(tenantId: string, topic: string): boolean
}

interface Room {
  readonly listeners: Set<Listener>
  readonly end: () => void
}

/** Maps what clients ask for to the bus: one subscription of the bus for each topic of each tenant, while anybody listens. */
export function createHub(bus: Bus, market: Market): Hub {
  const rooms = new Map<string, Room>()
  let candles: { listeners: number; end: () => void } | undefined

  const roomKey = (tenantId: string, topic: string) => (isCandles(topic) ? topic : `${topic}:${tenantId}`)
  const deliver = (key: string, topic: string, data: unknown) => {
    for (const listener of rooms.get(key)?.listeners ?? []) listener.hear(topic, data)
  }
  const subscribe = (key: string, topic: string): (() => void) => {
    // Of a bot the bus brings hints only: whoever reads the status afresh tells it.
    if (topic === 'bot') return () => {}
    if (topic === 'logs') return bus.subscribe(key, (data) => hearLine(key, topic, data))
    if (!isCandles(topic)) return bus.subscribe(key, (data) => deliver(key, topic, data))
    candles ??= { listeners: 0, end: bus.subscribe('candles:', hearCandle) }
    candles.listeners++
    return () => {
      if (!candles || --candles.listeners > 0) return
      candles.end()
      candles = undefined
    }
  }
  const hearLine = (key: string, topic: string, data: unknown) => {
    const line = logLine(data)
    if (line) deliver(key, topic, line)
  }
  /** `candles:<source>:<symbol>:<timeframe>`; clients hear the source of this installation. */
  const hearCandle = (data: unknown, busTopic: string) => {
    const [, source, symbol, timeframe] = busTopic.split(':')
    const topic = `candles:${symbol}:${timeframe}`
    if (!rooms.has(topic)) return
    market.current().then(
      (current) => {
        if (current.source === undefined || current.source === source)
          deliver(topic, topic, http.candleView(data as Candle & { closed: boolean }))
      },
      () => {},
    )
  }
  return {
    add(listener, topic) {
      const key = roomKey(listener.tenantId, topic)
      const room = rooms.get(key) ?? { listeners: new Set(), end: subscribe(key, topic) }
      rooms.set(key, room)
      room.listeners.add(listener)
    },
    remove(listener, topic) {
      const key = roomKey(listener.tenantId, topic)
      const room = rooms.get(key)
      if (!room?.listeners.delete(listener) || room.listeners.size > 0) return
      rooms.delete(key)
      room.end()
    },
    tell: (tenantId, topic, data) => deliver(roomKey(tenantId, topic), topic, data),
    listens: (tenantId, topic) => rooms.has(roomKey(tenantId, topic)),
  }
}

function isCandles(topic: string): boolean {
  return topic.startsWith('candles:')
}
