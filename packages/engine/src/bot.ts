import { type BotConfig, type Candle, type Decimal, type SeriesKey, timeframeMs } from '@sath/core'
import { type Book, dropReservations, emptyBook, forget, moveTo, record } from './book.js'
import { type BotTrade, byClose } from './bot-trade.js'
import { type Decided, decide } from './decide.js'
import { foldConfirming, resumedFold } from './fold.js'
import { type BotLimits, botLimits } from './limits.js'
import { type Router, router } from './router.js'
import { type Slot, slotsOf } from './slot.js'

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
  limits: BotLimits
  slots: readonly Slot[]
  routeOf: Router
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
  const slots = slotsOf(start, defaultSource, book, (fresh, { id }, symbol) => {
    const checkpoint = resume.find((each) => each.strategyId === id && each.symbol === symbol)
    return checkpoint && resumedFold(fresh, checkpoint.state)
  })
  return {
    tenantId,
    defaultSource,
    assignment: onlyAssignment(start),
    limits: botLimits(start.config),
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
  bot.slots = slotsOf(assignment, bot.defaultSource, bot.book, (fresh, { id }, symbol) => {
    const before = bot.slots.find((slot) => slot.config.id === id && slot.symbol === symbol)
    return before?.fold.of === fresh.of ? before.fold : undefined
  })
  bot.routeOf = router(bot.slots)
  if (timezoneOf(assignment) !== timezoneOf(bot.assignment)) moveTo(bot.book, timezoneOf(assignment))
  bot.assignment = onlyAssignment(assignment)
  bot.limits = botLimits(assignment.config)
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
