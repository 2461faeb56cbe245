import { AppError, type Candle, type SeriesKey, timeframeMs } from '@sath/core'
import { createBot, type Decided, neededSeries, onCandle, onTrade } from '@sath/engine'
import { assertBacktestInput, type BacktestInput } from './backtest-input.js'
import type { BacktestObserver } from './backtest-trade.js'
import { type OnChange, paperAccount } from './paper-account.js'
import { type SeriesCandle, type SymbolMarket, symbolMarket } from './symbol-market.js'

/** A fold over candles. Memory does not grow with their number. */
export interface Backtest {
  /**
   * The next closed candle, in market order: by close; of those that close together, in any order. A symbol's candles are
   * all of one timeframe. Trades are settled on them, and longer bars that the strategies need are made of them. A candle that
   * is not newer than the last one of its symbol changes nothing.
   *
   * @throws AppError invalid-request when the bars that the strategies need cannot be made of them
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
  assertBacktestInput(input)
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
  const markets: SymbolMarket[] = []
  const closed: SeriesCandle[] = []
  let now = Number.NEGATIVE_INFINITY
  let candles = 0
  let trades = 0

  const nextId = () => `${++trades}`
  const onChange: OnChange = (kind, trade) => {
    if (kind === 'opened') return observer.opened?.(trade)
    onTrade(bot, trade)
    observer.closed?.(trade)
  }

  const marketOf = remembered((key: SeriesKey): SymbolMarket | undefined => {
    const known = markets.find(({ source, symbol }) => source === key.source && symbol === key.symbol)
    if (known) return known
    const wanted = needed.filter(({ source, symbol }) => source === key.source && symbol === key.symbol)
    if (wanted.length === 0) return undefined
    const market = symbolMarket(key, wanted, paperAccount(input, nextId, onChange))
    markets.push(market)
    return market
  })

  /** Everything that closes at `now` is here: the market moves on. Once a candle, so its loops count: they need no iterator. */
  function settleAndDecide(): void {
    for (let at = 0; at < markets.length; at++) {
      const market = markets[at] as SymbolMarket
      const { account, last, previous, barMs } = market
      if (market.hasNews && last) {
        market.hasNews = false
        account.onCandle(last, previous, barMs)
        market.bars(last, closed)
      } else account.onTime(now, last)
    }
    if (closed.length === 0) return
    if (closed.length > 1) closed.sort(inMarketOrder)
    for (let at = 0; at < closed.length; at++) {
      const { market, key, candle } = closed[at] as SeriesCandle
      decide(market, key, candle)
    }
    closed.length = 0
    observer.bar?.(now)
  }

  function decide(market: SymbolMarket, key: SeriesKey, candle: Candle): void {
    // A bar that only closed because a later candle came is no occasion to enter any more.
    const mode = candle.time + timeframeMs(key.timeframe) >= now ? 'live' : 'stale'
    const answers = onCandle(bot, key, candle, mode)
    for (let at = 0; at < answers.length; at++) {
      const decided = answers[at] as Decided
      observer.decided?.(decided)
      if (!decided.intent) continue
      const strategy = strategies.get(decided.strategyId)
      if (strategy) onTrade(bot, market.account.enter(strategy, decided, decided.intent))
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
      market.hasNews = true
      market.previous = market.last
      market.last = candle
    },
    finish() {
      settleAndDecide()
      for (const market of markets) market.account.onFeedEnd(now)
    },
    get candles() {
      return candles
    },
  }
}

/** Asked about the same key again, it need not look again. */
function remembered<K, V>(find: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined
  return (key) => {
    if (last?.key !== key) last = { key, value: find(key) }
    return last.value
  }
}

/** By close; of those that close together, longer timeframes first, because a strategy confirms with every closed bar. */
function inMarketOrder(a: SeriesCandle, b: SeriesCandle): number {
  const [aMs, bMs] = [timeframeMs(a.key.timeframe), timeframeMs(b.key.timeframe)]
  return a.candle.time + aMs - (b.candle.time + bMs) || bMs - aMs || (a.key.symbol < b.key.symbol ? -1 : 1)
}
