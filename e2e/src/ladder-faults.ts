import type { Json } from './client.js'

/**
 * Trades whose level is not what the earlier results of their direction make it, each as one line. `trades` are all of one
 * strategy with a dual martingale that doubles from 1.00, on one symbol; `barMs`: its timeframe. Empty when sound.
 */
export function ladderFaults(trades: readonly Json[], barMs: number, maxLevel: number): string[] {
  return trades
    .filter(({ status }) => status !== 'refused')
    .flatMap((trade) => {
      const decidedAt = Date.parse(trade.signalTime) + barMs
      const level = trades
        .filter(
          ({ direction, closedAt, status }) =>
            direction === trade.direction && ['win', 'loss'].includes(status) && Date.parse(closedAt) <= decidedAt,
        )
        .sort((a, b) => Date.parse(a.closedAt) - Date.parse(b.closedAt))
        .reduce((_, { status, level }) => (status === 'win' || level === maxLevel ? 0 : level + 1), 0)
      const isSound = trade.level === level && Number(trade.stake) === 2 ** level
      return isSound ? [] : [`${trade.signalTime} ${trade.direction}: ${trade.stake} at ${trade.level}, not ${level}`]
    })
}
