import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { BotDecided, GatewayMessage } from '@sath/contracts'
import type { Candle, SeriesKey } from '@sath/core'
import {
  type Bot,
  configure,
  createBot,
  decisionRecord,
  drain,
  foldKey,
  intentId,
  onCandle,
  onTrade,
} from '@sath/engine'
import { socketPath } from '../sessions/socket-server.js'

type Welcome = Extract<GatewayMessage, { type: 'welcome' }>
type CandleMessage = Extract<GatewayMessage, { type: 'candle' }>

/** Somebody at a run's socket. */
export interface Line {
  readonly socket: Socket
  readonly heard: GatewayMessage[]
  readonly closed: boolean
  say(message: unknown): void
  end(): void
}

export function openLine(
  root: string,
  runId: string,
  onMessage: (message: GatewayMessage, line: Line) => void = () => {},
): Line {
  const socket = connect(socketPath(root, runId))
  const heard: GatewayMessage[] = []
  let closed = false
  let rest = ''
  const line: Line = {
    socket,
    heard,
    get closed() {
      return closed
    },
    say: (message) => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`)
    },
    end: () => {
      socket.destroy()
    },
  }
  socket.setEncoding('utf8')
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
  })
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const each of lines) {
      const message = JSON.parse(each) as GatewayMessage
      heard.push(message)
      onMessage(message, line)
    }
  })
  return line
}

export const beat = (progress: number) => ({
  type: 'heartbeat',
  progress,
  rssBytes: 1_000_000,
  heapUsedBytes: 500_000,
  loopLagMs: 1,
  cpuPercent: 2,
})

/** The bot's side of a session with the real engine: what a bot process does, without the process. Reconnects until ended. */
export function engineBot(root: string, runId: string) {
  let line: Line | undefined
  let ended = false
  let candles = 0
  const seen: string[] = []

  function open(): void {
    if (ended) return
    let bot: Bot | undefined
    line = openLine(root, runId, (message, on) => {
      if (message.type === 'welcome') {
        bot = createBot(message)
        on.say(beat(candles))
      } else if (!bot) return
      else if (message.type === 'config') configure(bot, { ...message, configVersion: message.version })
      else if (message.type === 'trade') onTrade(bot, message.trade)
      else if (message.type === 'candle') {
        candles++
        for (const decided of onCandle(bot, message.key, message.candle, message.mode, message.strategyIds)) {
          seen.push(`${decided.candleTime} ${decided.outcome}`)
          on.say({ type: 'decided', ...decisionRecord(bot, decided) })
        }
      } else if (message.type === 'drain') {
        drain(bot)
        on.say({ type: 'drained' })
      }
    })
    line.socket.on('connect', () => line?.say({ type: 'hello', protocol: 1, bundle: 'test' }))
    line.socket.on('close', () => setTimeout(open, 20).unref())
  }
  open()

  return {
    /** `<candle time> <outcome>` of everything it said. */
    seen,
    get line() {
      return line
    },
    heartbeat: () => line?.say(beat(candles)),
    /** Cuts the line; it comes back. */
    cut: () => line?.end(),
    /** Dies. */
    end() {
      ended = true
      line?.end()
    },
  }
}

/** What a scripted bot does with a candle it must answer; undefined: it stays silent. */
export type Script = (
  candle: Candle,
  key: SeriesKey,
) => { direction: 'call' | 'put'; stake: string; level?: number } | 'none' | undefined

/** A bot that does as it is told, on all its strategies. */
export function scriptedBot(root: string, runId: string, script: Script) {
  let welcome: Welcome | undefined
  const line = openLine(root, runId, (message, on) => {
    if (message.type === 'welcome') {
      welcome = message
      on.say(beat(0))
    } else if (message.type === 'drain') on.say({ type: 'drained' })
    else if (message.type === 'candle' && message.mode !== 'warm-up') answer(message, on)
  })
  line.socket.on('connect', () => line.say({ type: 'hello', protocol: 1, bundle: 'test' }))

  function answer(message: CandleMessage, on: Line): void {
    const { key, candle } = message
    const wish = script(candle, key)
    if (wish === undefined || !welcome) return
    for (const strategy of welcome.config.strategies) {
      if (!strategy.symbols.includes(key.symbol) || strategy.timeframe !== key.timeframe) continue
      on.say(decision(welcome, strategy.id, key.symbol, candle.time, wish === 'none' ? undefined : wish))
    }
  }
  return line
}

export function decision(
  welcome: Welcome,
  strategyId: string,
  symbol: string,
  candleTime: number,
  wish?: { direction: 'call' | 'put'; stake: string; level?: number },
): BotDecided {
  const strategy = welcome.config.strategies.find(({ id }) => id === strategyId)
  const intent = wish && {
    intentId: intentId(welcome.tenantId, strategyId, symbol, candleTime),
    direction: wish.direction,
    stake: wish.stake,
    level: wish.level ?? 0,
    confidence: 0.5,
    reason: 'script',
  }
  return {
    type: 'decided',
    strategyId,
    symbol,
    candleTime,
    configVersion: welcome.configVersion,
    outcome: wish ? 'traded' : 'no-signal',
    reason: wish ? 'script' : 'nothing to see',
    signal: wish ? { direction: wish.direction, confidence: 0.5, reason: 'script' } : null,
    indicators: {},
    intent: intent ?? null,
    state: { of: strategy ? foldKey(strategy, symbol, welcome.defaultSource) : '', time: candleTime },
  }
}

export const uuid = (): string => randomUUID()
