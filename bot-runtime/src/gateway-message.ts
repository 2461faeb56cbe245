import type { GatewayMessage, sessionProtocol } from '@sath/contracts'
import { isDecimal, isTimeframe } from '@sath/core'
import { ProtocolError } from './protocol-error.js'

/** The one version of the session protocol this bundle speaks. */
export const protocol: typeof sessionProtocol = 1

/**
 * Reads one line of the gateway. The gateway is trusted, a broken one is not: this finds garbage and foreign versions, not
 * every wrong value. Schemas would cost the bot their library. Undefined: a type this version does not know.
 *
 * @throws ProtocolError
 */
export function readGatewayMessage(line: string): GatewayMessage | undefined {
  const message = parsed(line)
  const check = Object.hasOwn(checks, message.type) ? checks[message.type as GatewayMessage['type']] : undefined
  if (!check) return undefined
  if (!check(message)) throw new ProtocolError(`a ${message.type} that is none`)
  return message as unknown as GatewayMessage
}

type Fields = Readonly<Record<string, unknown>>

const checks: Readonly<Record<GatewayMessage['type'], (message: Fields) => boolean>> = {
  welcome: (m) =>
    m.protocol === protocol &&
    areTexts(m.tenantId, m.runId, m.defaultSource) &&
    Number.isInteger(m.epoch) &&
    isAssignment(m, m.configVersion) &&
    Array.isArray(m.resume) &&
    m.resume.every((each) => isRecord(each) && areTexts(each.strategyId, each.symbol)) &&
    Array.isArray(m.trades) &&
    m.trades.every(isTrade),
  config: (m) => isAssignment(m, m.version),
  trade: (m) => isTrade(m.trade),
  candle: (m) =>
    isRecord(m.key) &&
    areTexts(m.key.source, m.key.symbol, m.key.timeframe) &&
    isTimeframe(m.key.timeframe as string) &&
    isCandle(m.candle) &&
    ['live', 'stale', 'warm-up'].includes(m.mode as string) &&
    (m.strategyIds === undefined || (Array.isArray(m.strategyIds) && areTexts(...m.strategyIds))),
  drain: () => true,
  bye: (m) => areTexts(m.reason),
}

function parsed(line: string): Fields & { type: string } {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new ProtocolError('not JSON', { cause })
  }
  if (!isRecord(value) || typeof value.type !== 'string') throw new ProtocolError('not a message')
  return value as Fields & { type: string }
}

function isAssignment({ config, payouts, maxStake }: Fields, version: unknown): boolean {
  return (
    Number.isInteger(version) &&
    isRecord(config) &&
    isRecord(config.risk) &&
    isAmount(config.capital) &&
    Array.isArray(config.strategies) &&
    config.strategies.every(isRecord) &&
    isRecord(payouts) &&
    Object.values(payouts).every(isAmount) &&
    (maxStake === undefined || isAmount(maxStake))
  )
}

function isTrade(trade: unknown): boolean {
  return (
    isRecord(trade) &&
    areTexts(trade.tradeId, trade.strategyId, trade.symbol, trade.direction, trade.status) &&
    [trade.stake, trade.profit].every(isAmount) &&
    Number.isFinite(trade.level) &&
    Number.isFinite(trade.signalTime) &&
    (trade.closedAt === null || Number.isFinite(trade.closedAt)) &&
    (trade.reason === undefined || areTexts(trade.reason))
  )
}

function isCandle(candle: unknown): boolean {
  return (
    isRecord(candle) &&
    [candle.time, candle.open, candle.high, candle.low, candle.close, candle.volume].every(Number.isFinite)
  )
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isAmount(value: unknown): boolean {
  return typeof value === 'string' && isDecimal(value)
}

function areTexts(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'string')
}
