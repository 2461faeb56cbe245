import { type Resume, sessionProtocol } from '@sath/contracts'
import { type BotConfig, type Candle, timeframeMs } from '@sath/core'
import {
  type Checkpoint,
  candlesBefore,
  candlesBetween,
  currentConfig,
  type Db,
  effectivePlan,
  ensurePaperAccount,
  loadCheckpoints,
  tradesForBot,
} from '@sath/db'
import { foldKey, type NeededSeries } from '@sath/engine'
import { paperCurrency, payoutsOf } from '../execution/payouts.js'
import type { Market } from '../market/market.js'
import { tradeResult } from '../trade-result.js'
import { planCandles, type SeriesHistory, type SlotStart, slotName } from './candle-plan.js'
import { adoptConfig, giveCandle, ourSeries, type Session, startDrain } from './session.js'

/** A bot that was away for more candles than this starts its strategies afresh. */
const mostCandlesToCatchUp = 2_000
/** Later than any candle, and a date that Postgres reads. */
const endOfTime = Date.UTC(9000, 0, 1)

export interface JoinDeps {
  readonly db: Db
  readonly market: Market
}

/** `revoked`: another epoch trades now. `gone`: the bot left meanwhile. */
export type JoinResult = 'joined' | 'no-config' | 'revoked' | 'gone'

/**
 * Brings a bot from its checkpoints to the market's present: welcome, trades, and every candle it needs. Call it in turn, so
 * that no minute passes meanwhile.
 */
export async function joinMarket(session: Session, { db, market }: JoinDeps): Promise<JoinResult> {
  const { tenantId, runId, epoch } = session.run
  const config = await currentConfig(db, tenantId)
  if (!config) return 'no-config'
  if (config.epoch !== epoch) return 'revoked'
  await ensurePaperAccount(db, tenantId, config.config.capital, paperCurrency)
  const [checkpoints, trades, plan] = await Promise.all([
    loadCheckpoints(db, tenantId),
    tradesForBot(db, tenantId),
    effectivePlan(db, tenantId),
  ])
  const needed = ourSeries(config.config, market.source)
  const resumed = new Map(
    checkpoints
      .filter((checkpoint) => fits(checkpoint, config.config, market))
      .map((checkpoint) => [slotName(checkpoint.strategyId, checkpoint.symbol), checkpoint]),
  )
  const startOf = startsOf(config.config, (slot) => resumed.get(slot)?.candleTime)
  const histories = await Promise.all(needed.map((series) => loadHistory(db, market, series, startOf)))
  if (session.connection.closed) return 'gone'

  adoptConfig(session, config, needed)
  for (const [slot, { range }] of resumed) if (range) session.ranges.set(slot, range)
  const maxStake = plan.limits.maxCapitalPerTrade
  session.maxStake = maxStake ?? undefined
  session.connection.send({
    type: 'welcome',
    protocol: sessionProtocol,
    tenantId,
    runId,
    epoch,
    configVersion: config.version,
    config: config.config,
    defaultSource: market.source,
    payouts: payoutsOf(needed),
    ...(maxStake === null ? {} : { maxStake }),
    resume: [...resumed.values()].map(
      ({ strategyId, symbol, candleTime, state }): Resume => ({ strategyId, symbol, candleTime, state }),
    ),
    trades: trades.flatMap((row) => tradeResult(row) ?? []),
  })
  for (const { message, decidedBy } of planCandles(histories, startOf, market.isEntryOpen)) {
    giveCandle(session, message, decidedBy)
  }
  session.live = true
  if (session.run.phase === 'stopping' || session.run.phase === 'killing') startDrain(session)
  return 'joined'
}

/** Gives a new configuration to a bot that follows the market, with the warm-up of what is new in it. Call it in turn. */
export async function reconfigure(session: Session, { db, market }: JoinDeps): Promise<void> {
  const { tenantId } = session.run
  const config = await currentConfig(db, tenantId)
  const before = session.config
  if (!config || !before) return
  const plan = await effectivePlan(db, tenantId)
  const maxStake = plan.limits.maxCapitalPerTrade ?? undefined
  if (config.version === before.version && maxStake === session.maxStake) return
  const keeps = (slot: string) => foldKeys(before.config, market.source).get(slot)
  const fresh = new Map([...foldKeys(config.config, market.source)].filter(([slot, key]) => keeps(slot) !== key))
  const startOf = (strategyId: string, symbol: string) =>
    fresh.has(slotName(strategyId, symbol)) ? startsOf(config.config, () => undefined)(strategyId, symbol) : undefined
  const needed = ourSeries(config.config, market.source)
  const histories = await Promise.all(needed.map((series) => loadHistory(db, market, series, startOf)))
  adoptConfig(session, config, needed)
  session.maxStake = maxStake
  for (const slot of fresh.keys()) session.ranges.delete(slot)
  session.connection.send({
    type: 'config',
    version: config.version,
    config: config.config,
    payouts: payoutsOf(needed),
    ...(maxStake === undefined ? {} : { maxStake }),
  })
  for (const { message } of planCandles(histories, startOf, () => false)) giveCandle(session, message, [])
}

/** Whether a checkpoint belongs to what the configuration runs now, in this market, and is not hopelessly old. */
function fits({ strategyId, symbol, candleTime, state }: Checkpoint, config: BotConfig, market: Market): boolean {
  const key = foldKeys(config, market.source).get(slotName(strategyId, symbol))
  const strategy = config.strategies.find(({ id }) => id === strategyId)
  if (key === undefined || !strategy || !isRecord(state) || state.of !== key) return false
  const close = candleTime + timeframeMs(strategy.timeframe)
  const now = market.now ?? close
  return close <= now && now - close <= mostCandlesToCatchUp * timeframeMs(strategy.timeframe)
}

/** What each slot's state depends on, by slot. */
function foldKeys(config: BotConfig, source: string): Map<string, string> {
  return new Map(
    config.strategies
      .filter(({ enabled }) => enabled)
      .flatMap((strategy) =>
        strategy.symbols.map((symbol) => [slotName(strategy.id, symbol), foldKey(strategy, symbol, source)] as const),
      ),
  )
}

function startsOf(config: BotConfig, resumeAfter: (slot: string) => number | undefined) {
  return (strategyId: string, symbol: string): SlotStart | undefined => {
    const strategy = config.strategies.find(({ id }) => id === strategyId)
    return strategy && { timeframe: strategy.timeframe, resumeAfter: resumeAfter(slotName(strategyId, symbol)) }
  }
}

/** The stored candles that somebody needs of a series. */
async function loadHistory(
  db: Db,
  market: Market,
  series: NeededSeries,
  startOf: (strategyId: string, symbol: string) => SlotStart | undefined,
): Promise<SeriesHistory> {
  const starts = [...series.decidedBy, ...series.confirms].flatMap((id) => startOf(id, series.symbol) ?? [])
  const fresh = starts.some(({ resumeAfter }) => resumeAfter === undefined)
  const resumedFrom = Math.min(...starts.map(({ resumeAfter }) => resumeAfter ?? endOfTime))
  // A confirming bar that closes with or after the last decided one may have begun long before it.
  const since = resumedFrom - timeframeMs(series.timeframe)
  const [warmUp, later] = await Promise.all([
    fresh ? candlesBefore(db, series, market.now ?? Date.now(), series.warmUp) : [],
    resumedFrom < endOfTime ? candlesBetween(db, series, since, endOfTime) : [],
  ])
  const byTime = new Map<number, Candle>([...warmUp, ...later].map((candle) => [candle.time, candle]))
  return {
    series,
    candles: [...byTime.values()].sort((a, b) => a.time - b.time),
    warmUpFrom: warmUp[0]?.time ?? endOfTime,
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
