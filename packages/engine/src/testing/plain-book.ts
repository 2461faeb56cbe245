import { type Decimal, type Direction, money, type StrategyConfig } from '@sath/core'
import { type BotTrade, byClose, closeOf, mayBeOpen } from '../bot-trade.js'
import { climb, groundLevel, highestLevel, type Ladder } from '../ladder.js'

/** What a `Book` must answer, found the plain way: by looking through everything that was ever told, each time. */
export function plainBook(told: readonly BotTrade[], timezone = 'UTC') {
  const closed = [...new Map(told.filter((trade) => !mayBeOpen(trade)).map((trade) => [trade.tradeId, trade])).values()]
  const ids = new Set(closed.map(({ tradeId }) => tradeId))
  const open = new Map(told.filter((trade) => !ids.has(trade.tradeId)).map((trade) => [trade.tradeId, trade]))
  closed.sort(byClose)
  const date = new Intl.DateTimeFormat('sv', { timeZone: timezone })
  const sameDay = (a: number, b: number) => date.format(a) === date.format(b)
  const of = (strategyId: string | undefined) => (trade: BotTrade) =>
    (strategyId ?? trade.strategyId) === trade.strategyId

  return {
    ladder({ id, martingale }: StrategyConfig, symbol: string, direction: Direction): Ladder {
      return closed
        .filter((trade) => trade.strategyId === id && trade.symbol === symbol)
        .filter((trade) => martingale.ladder === 'single' || trade.direction === direction)
        .reduce((ladder, trade) => climb(ladder, trade, highestLevel(martingale)), groundLevel)
    },
    profitOfDay: (time: number, strategyId?: string): Decimal =>
      closed
        .filter(of(strategyId))
        .filter((trade) => sameDay(closeOf(trade), time))
        .reduce((sum, { profit }) => money.add(sum, profit), '0'),
    entriesOfDay: (time: number, strategyId?: string): number =>
      [...closed, ...open.values()]
        .filter(of(strategyId))
        .filter(({ status, signalTime }) => status !== 'refused' && sameDay(signalTime, time)).length,
    lastRunAt(strategyId: string, n: number): number | undefined {
      const results = closed.filter(of(strategyId)).filter(({ status }) => status === 'win' || status === 'loss')
      const ends = results.filter((_, index) => {
        const run = results.slice(Math.max(0, index - n + 1), index + 1)
        return run.length === n && run.every(({ status }) => status === 'loss')
      })
      const last = ends.at(-1)
      return last && closeOf(last)
    },
    result(): { profit: Decimal; drawdown: Decimal } {
      const sums = closed.map((_, index) =>
        closed.slice(0, index + 1).reduce((sum, { profit }) => money.add(sum, profit), '0'),
      )
      const profit = sums.at(-1) ?? '0'
      return { profit, drawdown: money.subtract(sums.reduce(money.max, '0'), profit) }
    },
  }
}
