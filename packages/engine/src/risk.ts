import { compareTallies, type Direction, money, type Outcome, timeframeMs, totalOf } from '@sath/core'
import { isAgainstTrend, trendIsWarm } from '@sath/strategies'
import { entriesOfDay, isOpen, profitOfDay, standingOf } from './book.js'
import type { Bot } from './bot.js'
import type { DayLimits } from './limits.js'
import type { Slot } from './slot.js'
import { lastRunAt } from './standing.js'
import { isWithin } from './trading-hours.js'

/** An entry somebody would like to make now. */
export interface Entry {
  readonly bot: Bot
  readonly slot: Slot
  readonly direction: Direction
  /** Open time of the signal bar, epoch ms. */
  readonly candleTime: number
  readonly mode: 'live' | 'stale'
}

export interface Block {
  readonly outcome: Exclude<Outcome, 'traded'>
  /** One sentence for the subscriber. */
  readonly reason: string
}

/** A rule says why an entry must not be, or nothing. Amounts are not its concern. */
type Rule = (entry: Entry) => Block | undefined

/** Evaluated in order; the first rule that objects gives the one reason. */
export const entryRules: readonly Rule[] = [
  moment,
  draining,
  outsideHours,
  positionOpen,
  coolingDown,
  drawdown,
  targetReached,
  dayOfBot,
  dayOfStrategy,
]

/** A signal must be confirmed first; a loss that is tried again was, when its cycle began. */
export const signalRules: readonly Rule[] = [unconfirmed, againstTrend, ...entryRules]

export function blockBy(rules: readonly Rule[], entry: Entry): Block | undefined {
  for (const rule of rules) {
    const block = rule(entry)
    if (block) return block
  }
  return undefined
}

function moment({ mode }: Entry): Block | undefined {
  return mode === 'stale' ? { outcome: 'stale', reason: 'the moment to enter has passed' } : undefined
}

function draining({ bot }: Entry): Block | undefined {
  return bot.draining ? { outcome: 'draining', reason: 'the bot is stopping' } : undefined
}

function unconfirmed({ slot: { config, fold } }: Entry): Block | undefined {
  if (!fold.confirm || trendIsWarm(fold.confirm.trend)) return undefined
  return { outcome: 'warm-up', reason: `too few candles of ${config.confirmTimeframe} to confirm with` }
}

function againstTrend({ slot: { config, fold }, direction }: Entry): Block | undefined {
  if (!fold.confirm || !isAgainstTrend(fold.confirm.trend, direction)) return undefined
  return { outcome: 'filter', reason: `a ${direction} is against the trend of ${config.confirmTimeframe}` }
}

/** By the moment of entry, which is the close of the signal bar. */
function outsideHours({ bot, slot: { config } }: Entry): Block | undefined {
  if (!config.tradingHours || isWithin(config.tradingHours, bot.now)) return undefined
  return { outcome: 'hours', reason: 'outside the trading hours' }
}

/** One open trade a ladder: the next stake is not known before the last result. */
function positionOpen({ bot, slot: { config, symbol }, direction }: Entry): Block | undefined {
  const side = config.martingale.ladder === 'dual' ? direction : undefined
  if (!isOpen(bot.book, config.id, symbol, side)) return undefined
  return { outcome: 'position-open', reason: 'the last trade is still open' }
}

function coolingDown({ bot, slot: { config } }: Entry): Block | undefined {
  const { cooldownCandles = 0, cooldownAfterLosses = 1 } = config.risk
  if (cooldownCandles === 0) return undefined
  const lostAt = lastRunAt(standingOf(bot.book), config.id, cooldownAfterLosses)
  if (lostAt === undefined || bot.now >= lostAt + cooldownCandles * timeframeMs(config.timeframe)) return undefined
  const losses = cooldownAfterLosses === 1 ? 'a loss' : `${cooldownAfterLosses} losses in a row`
  return { outcome: 'cool-down', reason: `pauses ${cooldownCandles} candles after ${losses}` }
}

function drawdown({ bot: { book, assignment, limits } }: Entry): Block | undefined {
  const { mostDrawdown } = limits
  if (mostDrawdown === undefined || compareTallies(standingOf(book).drawdown, mostDrawdown) < 0) return undefined
  const { stopDrawdownPct } = assignment.config.risk
  return { outcome: 'drawdown', reason: `lost ${stopDrawdownPct} % of the capital since its best` }
}

function targetReached({ bot: { book, assignment, limits } }: Entry): Block | undefined {
  const { target } = limits
  if (target === undefined || compareTallies(standingOf(book).profit, target) < 0) return undefined
  return { outcome: 'target-reached', reason: `earned ${assignment.config.risk.targetProfitPct} % of the capital` }
}

function dayOfBot(entry: Entry): Block | undefined {
  return blockOfDay(entry, entry.bot.limits, undefined)
}

function dayOfStrategy(entry: Entry): Block | undefined {
  return blockOfDay(entry, entry.slot.limits, entry.slot.config.id)
}

/** Of one strategy or, without an id, of the whole bot. Profit counts on the day of its close, an entry on that of its bar. */
function blockOfDay({ bot, candleTime }: Entry, limits: DayLimits, strategyId: string | undefined): Block | undefined {
  const { leastProfit, mostProfit, mostEntries } = limits
  const { book, now } = bot
  const whose = strategyId === undefined ? 'the bot' : 'the strategy'
  if (leastProfit !== undefined || mostProfit !== undefined) {
    const profit = profitOfDay(book, now, strategyId)
    if (leastProfit !== undefined && compareTallies(profit, leastProfit) <= 0) {
      return { outcome: 'daily-loss', reason: `${whose} lost ${money.subtract('0', totalOf(leastProfit))} today` }
    }
    if (mostProfit !== undefined && compareTallies(profit, mostProfit) >= 0) {
      return { outcome: 'daily-profit', reason: `${whose} earned ${totalOf(mostProfit)} today` }
    }
  }
  if (mostEntries !== undefined && entriesOfDay(book, candleTime, strategyId) >= mostEntries) {
    return { outcome: 'trades-per-day', reason: `${whose} made ${mostEntries} trades today` }
  }
  return undefined
}
