import {
  AppError,
  type BotConfig,
  type Candle,
  type Decimal,
  type SeriesKey,
  type StrategyConfig,
  timeframeMs,
} from '@sath/core'
import { findStrategy, type Params, type Strategy, withDefaults } from '@sath/strategies'
import { type Book, dropReservations, emptyBook, forget, moveTo, record } from './book.js'
import { type BotTrade, byClose } from './bot-trade.js'
import { catalogueErrors } from './catalogue-errors.js'
import { type Decided, decide } from './decide.js'
import { type Fold, foldConfirming, foldKey, freshFold, resumedFold } from './fold.js'
import { baseSeries, seriesName } from './needed-series.js'
import { type Goals, goalsOf } from './risk.js'
import { payoutOf } from './stake.js'

/** What a bot is to run. Nothing in it is secret. */
export interface Assignment {
  readonly configVersion: number
  readonly config: BotConfig
  /** Profit of a won binary option per unit staked, by symbol. A symbol without one is not entered. */
  readonly payouts: Readonly<Record<string, Decimal>>
  /** Most the plan allows for one trade; a ladder level above it is a bust. Absent: no limit. */
  readonly maxStake?: Decimal | undefined
}

export interface BotStart extends Assignment {
  readonly tenantId: string
  /** Source of strategies that name none. */
  readonly defaultSource: string
  /** Checkpoints; what does not fit the configuration is not used. */
  readonly resume: readonly { readonly strategyId: string; readonly symbol: string; readonly state: unknown }[]
  /** Everything ladders, counters and open positions depend on, in any order. */
  readonly trades: readonly BotTrade[]
}

/** One strategy on one symbol. */
export interface Slot {
  readonly config: StrategyConfig
  readonly strategy: Strategy
  readonly params: Params
  readonly symbol: string
  readonly base: string
  readonly confirming: string | undefined
  /** Candles needed before the first signal. */
  readonly warmUp: number
  /** See `payoutOf`. */
  readonly payout: Decimal | undefined
  readonly fold: Fold
}

/** Who wants a series, in the order of the configuration. */
interface Route {
  readonly deciding: readonly Slot[]
  readonly confirming: readonly Slot[]
}

/**
 * A bot: a fold over candles and trades. No clock, no randomness, no I/O: market time comes with the candles.
 *
 * Holds for every sequence (see bot.test.ts):
 * 1. resumed at any candle from its checkpoints and trades, it decides exactly as if it had never stopped;
 * 2. one decision, and so at most one intent, for each candle, strategy and symbol;
 * 3. what it decides on a candle depends on no later one.
 */
export interface Bot {
  readonly tenantId: string
  readonly defaultSource: string
  assignment: Assignment
  /** Of the assignment. */
  goals: Goals
  slots: readonly Slot[]
  routeOf: (key: SeriesKey) => Route
  readonly book: Book
  /** Close of the newest candle seen, epoch ms. */
  now: number
  draining: boolean
}

export type CandleMode = 'live' | 'stale' | 'warm-up'

/** @throws AppError invalid-request when the configuration cannot run */
export function createBot(start: BotStart): Bot {
  const { tenantId, defaultSource, resume, trades } = start
  const book = emptyBook(timezoneOf(start))
  for (const trade of trades.toSorted(byClose)) record(book, trade)
  const slots = slotsOf(start, defaultSource, (fresh, { id }, symbol) => {
    const checkpoint = resume.find((each) => each.strategyId === id && each.symbol === symbol)
    return checkpoint && resumedFold(fresh, checkpoint.state)
  })
  return {
    tenantId,
    defaultSource,
    assignment: onlyAssignment(start),
    goals: goalsOf(start.config),
    slots,
    routeOf: router(slots),
    book,
    now: Number.NEGATIVE_INFINITY,
    draining: false,
  }
}

/**
 * Takes over a new configuration. What its strategies have learnt stays where `foldKey` stays; the others start afresh.
 *
 * @throws AppError invalid-request when the configuration cannot run; then nothing has changed
 */
export function configure(bot: Bot, assignment: Assignment): void {
  bot.slots = slotsOf(assignment, bot.defaultSource, (fresh, { id }, symbol) => {
    const before = bot.slots.find((slot) => slot.config.id === id && slot.symbol === symbol)
    return before?.fold.of === fresh.of ? before.fold : undefined
  })
  bot.routeOf = router(bot.slots)
  if (timezoneOf(assignment) !== timezoneOf(bot.assignment)) moveTo(bot.book, timezoneOf(assignment))
  bot.assignment = onlyAssignment(assignment)
  bot.goals = goalsOf(assignment.config)
}

/** Takes in what became of a trade. */
export function onTrade(bot: Bot, trade: BotTrade): void {
  record(bot.book, trade)
}

/**
 * Folds one closed candle and decides on it: one answer for each enabled strategy that trades this series, in the order of
 * the configuration, none while warming up. A candle that a strategy has seen before changes nothing and has no answer.
 *
 * Candles come in order of their close; of those that close together, longer timeframes first, because a strategy confirms
 * with every bar that is closed. `only`: the strategies this candle is for; absent: all.
 */
export function onCandle(
  bot: Bot,
  key: SeriesKey,
  candle: Candle,
  mode: CandleMode,
  only?: readonly string[],
): Decided[] {
  passTime(bot, candle.time + timeframeMs(key.timeframe))
  const decided: Decided[] = []
  const { confirming, deciding } = bot.routeOf(key)
  for (const slot of confirming) if (isFor(slot, only)) foldConfirming(slot.fold, candle)
  // Without an iterator: it is the hottest loop of a back-test.
  for (let at = 0; at < deciding.length; at++) {
    const slot = deciding[at] as Slot
    const { fold, strategy, params } = slot
    if (candle.time <= fold.time || !isFor(slot, only)) continue
    const signal = strategy.step(fold.strategy, candle, params)
    fold.time = candle.time
    fold.bars += 1
    if (mode !== 'warm-up') decided.push(decide(bot, slot, signal, candle.time, mode))
  }
  return decided
}

function isFor({ config }: Slot, only: readonly string[] | undefined): boolean {
  return only?.includes(config.id) ?? true
}

/** From now on nothing is entered. */
export function drain(bot: Bot): void {
  bot.draining = true
}

/** Without what a message carries besides, which would stay in memory as long as the bot. */
function onlyAssignment({ configVersion, config, payouts, maxStake }: Assignment): Assignment {
  return { configVersion, config, payouts, maxStake }
}

function timezoneOf({ config }: Assignment): string {
  return config.timezone ?? 'UTC'
}

function passTime(bot: Bot, now: number): void {
  if (now <= bot.now) return
  bot.now = now
  dropReservations(bot.book)
  forget(bot.book, now)
}

/** Finds who wants a series. It remembers the last key, since whoever has a long story to tell uses the same one. */
function router(slots: readonly Slot[]): (key: SeriesKey) => Route {
  const routes = new Map<string, Route>()
  let lastKey: SeriesKey | undefined
  let last: Route = { deciding: [], confirming: [] }
  return (key) => {
    if (key === lastKey) return last
    const name = seriesName(key)
    lastKey = key
    last = routes.get(name) ?? {
      deciding: slots.filter(({ base }) => base === name),
      confirming: slots.filter(({ confirming }) => confirming === name),
    }
    routes.set(name, last)
    return last
  }
}

type KnownFold = (fresh: Fold, config: StrategyConfig, symbol: string) => Fold | undefined

function slotsOf({ config, payouts }: Assignment, defaultSource: string, knownFold: KnownFold): Slot[] {
  const errors = catalogueErrors(config)
  if (errors.length > 0) throw new AppError('invalid-request', 'The configuration cannot run', { errors })
  return config.strategies.flatMap((config) => {
    const strategy = findStrategy(config.strategy)
    if (!config.enabled || !strategy) return []
    return config.symbols.map((symbol) => {
      const base = baseSeries(config, symbol, defaultSource)
      const params = withDefaults(strategy.params, config.params)
      const fresh = freshFold(foldKey(config, symbol, defaultSource), strategy, config)
      return {
        config,
        strategy,
        params,
        symbol,
        base: seriesName(base),
        confirming: config.confirmTimeframe && seriesName({ ...base, timeframe: config.confirmTimeframe }),
        warmUp: strategy.warmUp(params),
        payout: payoutOf(config, symbol, payouts),
        fold: knownFold(fresh, config, symbol) ?? fresh,
      }
    })
  })
}
