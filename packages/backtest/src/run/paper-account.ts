import { onPaperCandle, onPaperFeedEnd, onPaperTime, type PaperEvent, type PaperTrade } from '@sath/brokers'
import { type Candle, money, type StrategyConfig, timeframeMs } from '@sath/core'
import type { Decided, DecidedIntent } from '@sath/engine'
import type { BacktestInput } from './backtest-input.js'
import type { BacktestTrade } from './backtest-trade.js'

/** A trade that waits for its entry or is open. */
interface OpenTrade {
  trade: BacktestTrade
  paper: PaperTrade
}

/** Hears of a trade that has entered or ended. */
export type OnChange = (kind: PaperEvent['kind'], trade: BacktestTrade) => void

/** The paper venue over one symbol's candles: the same rules as the paper broker's, without its rows. */
export interface PaperAccount {
  /** Accepts the order of a decision. */
  enter(strategy: StrategyConfig, decided: Decided, intent: DecidedIntent): BacktestTrade
  /** `barMs`: length of the candles that are told. */
  onCandle(candle: Candle, previous: Candle | undefined, barMs: number): void
  onTime(time: number, last: Candle | undefined): void
  onFeedEnd(time: number): void
}

export function paperAccount(
  { payout, spread }: BacktestInput,
  nextId: () => string,
  onChange: OnChange,
): PaperAccount {
  let open: OpenTrade[] = []
  /** Whether one of `open` is over. */
  let over = false
  const paidSpread = money.isPositive(spread) ? spread : undefined

  function happened(to: OpenTrade, events: readonly PaperEvent[]): void {
    for (const event of events) {
      to.trade = changed(to.trade, event)
      if (event.kind === 'opened') to.paper = { terms: to.paper.terms, entry: event }
      else over = true
      onChange(event.kind, to.trade)
    }
  }

  /** What is over counts no more. */
  function letGo(): void {
    if (over) open = open.filter(({ trade }) => trade.status === 'open')
    over = false
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
    onCandle(candle, previous, barMs) {
      for (const each of open) {
        const events = onPaperCandle(each.paper, candle, previous, barMs)
        if (events.length > 0) happened(each, events)
      }
      letGo()
    },
    onTime(time, last) {
      for (const each of open) {
        const event = onPaperTime(each.paper, time, last)
        if (event) happened(each, [event])
      }
      letGo()
    },
    onFeedEnd(time) {
      for (const each of open) happened(each, [onPaperFeedEnd(time)])
      letGo()
    },
  }
}

function changed(trade: BacktestTrade, event: PaperEvent): BacktestTrade {
  if (event.kind === 'opened')
    return { ...trade, openedAt: event.entryTime, entryPrice: money.toFloat(event.entryPrice) }
  const { status, profit, closedAt, exitPrice } = event
  return { ...trade, status, profit, closedAt, exitPrice: exitPrice === null ? null : money.toFloat(exitPrice) }
}
