import { AppError, type Candle, type SeriesKey, timeframeMs } from '@sath/core'
import { createBot, neededSeries, onCandle, onTrade } from '@sath/engine'
import { type BacktestInput, checkBacktestInput } from './backtest-input.js'
import type { BacktestObserver } from './backtest-trade.js'
import { botTrade, type Change, paperAccount } from './paper-account.js'
import { type SeriesCandle, type SymbolMarket, symbolMarket } from './symbol-market.js'

/** A fold over candles. Memory does not grow with their number. */
export interface Backtest {
  /**
   * The next closed candle, in market order: by close; of those that close together, in any order. M1 candles are aggregated
   * to what the strategies need; candles of the needed timeframe itself are taken as they are, and settled on. A candle that
   * is not newer than the last one of its symbol changes nothing.
   *
   * @throws AppError invalid-request when the bars that the strategies need cannot be made of such candles
   */
  push(key: SeriesKey, candle: Candle): void
  /** The feed has ended: what waits or is open is refunded. Nothing is pushed after it. */
  finish(): void
  /** Candles pushed. */
  readonly candles: number
}

/**
 * A bot over candles instead of a market: the engine of the live bots, the rules of the paper broker, and the order of things
 * of a replayed market. At each close: settle what expired, tell the results, decide, enter at the next open.
 *
 * @throws AppError invalid-request when the configuration cannot run
 */
export function createBacktest(input: BacktestInput, observer: BacktestObserver): Backtest {
  checkBacktestInput(input)
  const { config, defaultSource, payout, maxStake } = input
  const needed = neededSeries(config, defaultSource)
  const payouts = Object.fromEntries(needed.map(({ symbol }) => [symbol, payout]))
  const bot = createBot({
    tenantId: '',
    configVersion: 1,
    config,
    defaultSource,
    payouts,
    maxStake,
    resume: [],
    trades: [],
  })
  const strategies = new Map(config.strategies.map((strategy) => [strategy.id, strategy]))
  const markets = new Map<string, SymbolMarket>()
  /** Candles that closed at `now` and were not handled yet. */
  const arrived: { readonly market: SymbolMarket; readonly candle: Candle }[] = []
  const closed: SeriesCandle[] = []
  let now = Number.NEGATIVE_INFINITY
  let candles = 0
  let trades = 0

  function marketOf(key: SeriesKey): SymbolMarket | undefined {
    const name = `${key.source} ${key.symbol}`
    const known = markets.get(name)
    if (known) return known
    const wanted = needed.filter(({ source, symbol }) => source === key.source && symbol === key.symbol)
    if (wanted.length === 0) return undefined
    const market = symbolMarket(
      key,
      wanted,
      paperAccount(input, () => `${++trades}`),
    )
    markets.set(name, market)
    return market
  }

  function tell(changes: readonly Change[]): void {
    for (const { kind, trade } of changes) {
      onTrade(bot, botTrade(trade))
      if (kind === 'opened') observer.opened?.(trade)
      else observer.closed?.(trade)
    }
  }

  /** Everything that closes at `now` is here: the market moves on. */
  function settleAndDecide(): void {
    if (arrived.length === 0) return
    for (const { market, candle } of arrived) {
      tell(market.account.onCandle(candle, market.previous, market.barMs))
      market.bars(candle, closed)
    }
    for (const market of markets.values()) {
      if (arrived.every((each) => each.market !== market)) tell(market.account.onTime(now, market.last))
    }
    arrived.length = 0
    if (closed.length === 0) return
    for (const { key, candle } of closed.sort(inMarketOrder)) decide(key, candle)
    closed.length = 0
    observer.bar?.(now)
  }

  function decide(key: SeriesKey, candle: Candle): void {
    // A bar that only closed because a later candle came is no occasion to enter any more.
    const mode = candle.time + timeframeMs(key.timeframe) >= now ? 'live' : 'stale'
    for (const decided of onCandle(bot, key, candle, mode)) {
      observer.decided?.(decided)
      const strategy = strategies.get(decided.strategyId)
      const market = marketOf(key)
      if (!decided.intent || !strategy || !market) continue
      onTrade(bot, botTrade(market.account.enter(strategy, decided, decided.intent)))
    }
  }

  return {
    push(key, candle) {
      candles++
      const market = marketOf(key)
      if (!market || (market.last && candle.time <= market.last.time)) return
      const close = candle.time + market.barMs
      if (close < now) throw new AppError('invalid-request', `A candle of ${key.symbol} comes after a later one`)
      if (close > now) settleAndDecide()
      now = close
      arrived.push({ market, candle })
      market.previous = market.last
      market.last = candle
    },
    finish() {
      settleAndDecide()
      for (const market of markets.values()) tell(market.account.onFeedEnd(now))
    },
    get candles() {
      return candles
    },
  }
}

/** By close; of those that close together, longer timeframes first, because a strategy confirms with every closed bar. */
function inMarketOrder(a: SeriesCandle, b: SeriesCandle): number {
  const [aMs, bMs] = [timeframeMs(a.key.timeframe), timeframeMs(b.key.timeframe)]
  return a.candle.time + aMs - (b.candle.time + bMs) || bMs - aMs || (a.key.symbol < b.key.symbol ? -1 : 1)
}
