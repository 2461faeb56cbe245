import { timeframeMs } from '@sath/core'
import type { BacktestTrade } from '../run/backtest-trade.js'

const bar = timeframeMs('M5')

/** A closed binary option of 10 at 0.85, over the bar after its signal, with the profit of its status. */
export function trade(changes: Partial<BacktestTrade> = {}): BacktestTrade {
  const { status = 'win', openedAt = bar } = changes
  return {
    tradeId: '1',
    strategyId: 'a',
    symbol: 'EURUSD',
    direction: 'call',
    instrument: 'binary',
    level: 0,
    stake: '10.00',
    payout: '0.85',
    profit: status === 'win' ? '8.50' : status === 'loss' ? '-10.00' : '0',
    status,
    signalTime: (openedAt ?? bar) - bar,
    openedAt,
    closedAt: (openedAt ?? 0) + bar,
    entryPrice: 1,
    exitPrice: 1,
    ...changes,
  }
}
