import {
  type Candle,
  type Decimal,
  type Direction,
  money,
  type Timeframe,
  type TradeStatus,
  timeframeMs,
} from '@sath/core'

/** A trade as a bot's session tells it. Times are market time, epoch ms. */
export interface PaperTrade {
  readonly tradeId: string
  readonly strategyId: string
  readonly symbol: string
  readonly direction: Direction
  readonly level: number
  readonly stake: Decimal
  readonly status: TradeStatus
  readonly profit: Decimal
  readonly signalTime: number
  readonly closedAt: number | null
}

export type PaperEntry = Pick<PaperTrade, 'tradeId' | 'strategyId' | 'symbol' | 'direction' | 'level' | 'stake'> & {
  /** Open time of the signal bar. */
  readonly candleTime: number
}

export interface PaperMarket {
  /** Every trade as it stands, in order of entry. */
  readonly trades: readonly PaperTrade[]
  /** What entries and settlements have made of an account that began at 0. */
  readonly balance: Decimal
  /** Takes the stake and books the trade as open. */
  enter(entry: PaperEntry): PaperTrade
  /** Settles what expires with the close of this bar, in order of entry. */
  close(symbol: string, candle: Candle): PaperTrade[]
}

/**
 * Binary options of one bar, settled on the candles it is told about: entry at the open of the bar after the signal, exit at
 * its close. Where that bar is missing the stake is refunded with the next one that comes.
 */
export function paperMarket({ payout = '0.85', timeframe = 'M5' as Timeframe } = {}): PaperMarket {
  const trades = new Map<string, PaperTrade>()
  let balance: Decimal = '0'
  return {
    get trades() {
      return [...trades.values()]
    },
    get balance() {
      return balance
    },
    enter({ candleTime, ...entry }) {
      const trade: PaperTrade = { ...entry, status: 'open', profit: '0', signalTime: candleTime, closedAt: null }
      if (trades.has(trade.tradeId)) throw new Error(`Trade ${trade.tradeId} was entered twice`)
      trades.set(trade.tradeId, trade)
      balance = money.subtract(balance, trade.stake)
      return trade
    },
    close(symbol, candle) {
      const step = timeframeMs(timeframe)
      const due = [...trades.values()].filter(
        (trade) => trade.status === 'open' && trade.symbol === symbol && trade.signalTime < candle.time,
      )
      return due.map((trade) => {
        const status = trade.signalTime + step === candle.time ? outcome(trade.direction, candle) : 'cancelled'
        const won = money.round(money.multiply(trade.stake, payout), 2, 'down')
        const profit = status === 'win' ? won : status === 'loss' ? money.subtract('0', trade.stake) : '0'
        const closed: PaperTrade = { ...trade, status, profit, closedAt: candle.time + step }
        trades.set(trade.tradeId, closed)
        balance = money.add(balance, money.add(trade.stake, profit))
        return closed
      })
    },
  }
}

function outcome(direction: Direction, { open, close }: Candle): TradeStatus {
  if (open === close) return 'tie'
  return close > open === (direction === 'call') ? 'win' : 'loss'
}
