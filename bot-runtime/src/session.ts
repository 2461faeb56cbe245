import type { BotDecided, BotMessage, GatewayMessage } from '@sath/contracts'
import {
  type Bot,
  configure,
  createBot,
  type DecisionRecord,
  decisionRecord,
  drain,
  intentId,
  onCandle,
  onTrade,
} from '@sath/engine'
import type { Logger } from 'pino'
import { ProtocolError } from './protocol-error.js'

/** What a session says about a candle: the wire's `decided`, with a checkpoint that has yet to become JSON. */
type Answer = Exclude<BotMessage, BotDecided> | (Omit<BotDecided, 'state'> & Pick<DecisionRecord, 'state'>)

export interface Session {
  /** Candles handled since the process began. */
  readonly progress: number
  /** Takes one message of the gateway and gives the answers to it. @throws ProtocolError, AppError invalid-request */
  receive(message: GatewayMessage): Answer[]
  /** From now on nothing is entered, whoever connects. */
  drain(): void
}

/**
 * The bot's side of the session, without the wire. A `welcome` rebuilds everything from what the gateway kept, because that
 * is what was committed; what this process decided beyond it never counted.
 */
export function botSession(log: Logger): Session {
  let bot: Bot | undefined
  let draining = false
  let progress = 0

  const welcomed = (message: GatewayMessage): Bot => {
    if (!bot) throw new ProtocolError(`${message.type} before welcome`)
    return bot
  }

  function stopEntries(): void {
    draining = true
    if (bot) drain(bot)
  }

  function receive(message: GatewayMessage): Answer[] {
    switch (message.type) {
      case 'welcome': {
        bot = createBot(message)
        if (draining) drain(bot)
        const { runId, epoch, configVersion, trades, resume } = message
        log.info({ runId, epoch, configVersion, trades: trades.length, resumed: resume.length }, 'welcomed')
        return []
      }
      case 'config':
        configure(welcomed(message), { ...message, configVersion: message.version })
        log.info({ configVersion: message.version }, 'configuration taken over')
        return []
      case 'trade':
        onTrade(welcomed(message), message.trade)
        logTrade(welcomed(message), message.trade)
        return []
      case 'candle': {
        const { key, candle, mode, strategyIds } = message
        const bot = welcomed(message)
        const decided = onCandle(bot, key, candle, mode, strategyIds).map((each) => decisionRecord(bot, each))
        progress += 1
        for (const each of decided) logDecision(each)
        return decided.map((each) => ({ type: 'decided', ...each }))
      }
      case 'drain':
        stopEntries()
        log.info('drained')
        return [{ type: 'drained' }]
      case 'bye':
        log.info({ reason: message.reason }, 'the gateway says goodbye')
        return []
    }
  }

  function logDecision({ strategyId, symbol, candleTime, outcome, reason, signal, intent }: DecisionRecord): void {
    const candle = { strategyId, symbol, candleTime, outcome, reason }
    log.debug(candle, 'candle decided')
    if (!signal && !intent) return
    const { intentId, level: ladderLevel, stake } = intent ?? {}
    log.info({ ...candle, direction: intent?.direction ?? signal?.direction, intentId, ladderLevel, stake }, 'signal')
  }

  function logTrade({ tenantId }: Bot, trade: Extract<GatewayMessage, { type: 'trade' }>['trade']): void {
    const {
      tradeId,
      strategyId,
      symbol,
      direction,
      level: ladderLevel,
      stake,
      status,
      profit,
      signalTime,
      reason,
    } = trade
    const id = intentId(tenantId, strategyId, symbol, signalTime)
    const order = { tradeId, intentId: id, strategyId, symbol, direction, ladderLevel, stake }
    log.info({ ...order, status, profit, reason }, 'trade')
  }

  return {
    get progress() {
      return progress
    },
    receive,
    drain: stopEntries,
  }
}
