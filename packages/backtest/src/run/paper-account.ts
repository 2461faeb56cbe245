import { onPaperCandle, onPaperFeedEnd, onPaperTime, type PaperEvent, type PaperTrade } from '@sath/brokers'
import { type Candle, money, type StrategyConfig, timeframeMs } from '@sath/core'
import type { BotTrade, Decided, DecidedIntent } from '@sath/engine'
import type { BacktestInput } from './backtest-input.js'
import type { BacktestTrade } from './backtest-trade.js'

/** A trade that waits for its entry or is open. */
export interface OpenTrade {
  readonly trade: BacktestTrade
  readonly paper: PaperTrade
}

/** What a candle or the passing of time made of a trade. */
export interface Change {
  readonly kind: PaperEvent['kind']
  readonly trade: BacktestTrade
}

/** The paper venue over one symbol's candles: the same rules as the paper broker's, without its rows. */
export interface PaperAccount {
  /** Accepts the order of a decision. `source`: whose prices it goes by. */
  enter(strategy: StrategyConfig, decided: Decided, intent: DecidedIntent): BacktestTrade
  /** `barMs`: length of the candles that are told. */
  onCandle(candle: Candle, previous: Candle | undefined, barMs: number): readonly Change[]
  onTime(time: number, last: Candle | undefined): readonly Change[]
  onFeedEnd(time: number): readonly Change[]
}

export function paperAccount({ payout, spread }: BacktestInput, nextId: () => string): PaperAccount {
  let open: OpenTrade[] = []
  const paidSpread = money.isPositive(spread) ? spread : undefined

  /** Applies what `happens` says of each trade, in order of entry; a trade that ends says no more. */
  function change(happens: (trade: PaperTrade) => readonly PaperEvent[]): readonly Change[] {
    if (open.length === 0) return nothing
    const changes: Change[] = []
    const left: OpenTrade[] = []
    for (const each of open) {
      let now: OpenTrade | undefined = each
      for (const event of happens(each.paper)) {
        const trade: BacktestTrade = changed(now?.trade ?? each.trade, event)
        changes.push({ kind: event.kind, trade })
        now = event.kind === 'opened' ? { trade, paper: { terms: each.paper.terms, entry: event } } : undefined
      }
      if (now) left.push(now)
    }
    open = left
    return changes
  }

  return {
    enter(strategy, decided, { direction, stake, level }) {
      const { instrument, timeframe, expiryCandles } = strategy
      const { stopLossPct, takeProfitPct } = strategy.risk
      const terms = {
        direction,
        instrument,
        stake,
        payout: instrument === 'binary' ? payout : '0',
        timeframe,
        expiryCandles,
        decidedAt: decided.candleTime + timeframeMs(timeframe),
        stopLossPct,
        takeProfitPct,
        spread: paidSpread,
      }
      const trade: BacktestTrade = {
        tradeId: nextId(),
        strategyId: decided.strategyId,
        symbol: decided.symbol,
        direction,
        instrument,
        level,
        stake,
        payout: terms.payout,
        profit: '0',
        status: 'open',
        signalTime: decided.candleTime,
        openedAt: null,
        closedAt: null,
        entryPrice: null,
        exitPrice: null,
      }
      open.push({ trade, paper: { terms } })
      return trade
    },
    onCandle: (candle, previous, barMs) => change((paper) => onPaperCandle(paper, candle, previous, barMs)),
    onTime: (time, last) => change((paper) => listOf(onPaperTime(paper, time, last))),
    onFeedEnd: (time) => change(() => [onPaperFeedEnd(time)]),
  }
}

const nothing: readonly Change[] = []

function changed(trade: BacktestTrade, event: PaperEvent): BacktestTrade {
  if (event.kind === 'opened')
    return { ...trade, openedAt: event.entryTime, entryPrice: money.toFloat(event.entryPrice) }
  const { status, profit, closedAt, exitPrice } = event
  return { ...trade, status, profit, closedAt, exitPrice: exitPrice === null ? null : money.toFloat(exitPrice) }
}

function listOf<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value]
}

/** The trade as the bot's ladders and limits see it. */
export function botTrade(trade: BacktestTrade): BotTrade {
  const { tradeId, strategyId, symbol, direction, level, stake, status, profit, signalTime, closedAt } = trade
  return { tradeId, strategyId, symbol, direction, level, stake, status, profit, signalTime, closedAt }
}
