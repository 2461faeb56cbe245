import { type Direction, type Martingale, type StrategyConfig, timeframeMs, totalOf } from '@sath/core'
import fc from 'fast-check'
import t from 'tap'
import { type Book, chainOf, emptyBook, entriesOfDay, forget, moveTo, profitOfDay, record, standingOf } from './book.js'
import type { BotTrade } from './bot-trade.js'
import { ladderOn } from './chain.js'
import type { Ladder } from './ladder.js'
import { lastRunAt } from './standing.js'
import { strategyConfig } from './testing/configs.js'
import { plainBook } from './testing/plain-book.js'

const start = Date.UTC(2024, 0, 1)
const day = timeframeMs('D1')
const strategy = (martingale: Partial<Martingale> = {}) =>
  strategyConfig({
    id: 'a',
    martingale: { plan: 'classic', ladder: 'dual', next: 'signal', multiplier: '2.0', maxLevel: 2, ...martingale },
  })

function trade(index: number, changes: Partial<BotTrade> = {}): BotTrade {
  const signalTime = start + index * 600_000
  const result = { win: '8.50', loss: '-10.00' }[changes.status as 'win' | 'loss'] ?? '0'
  const closedAt =
    changes.status && !['open', 'pending', 'unknown'].includes(changes.status) ? signalTime + 600_000 : null
  const identity = { tradeId: `t${index}`, strategyId: 'a', symbol: 'BTCUSDT', direction: 'call' as Direction }
  return { ...identity, level: 0, stake: '10.00', status: 'open', profit: result, signalTime, closedAt, ...changes }
}

function bookOf(trades: readonly BotTrade[], timezone = 'UTC'): Book {
  const book = emptyBook(timezone)
  for (const each of trades) record(book, each)
  return book
}

function ladderIn(trades: readonly BotTrade[], config: StrategyConfig, direction: Direction): Ladder {
  return ladderOn(chainOf(bookOf(trades), config.id, 'BTCUSDT'), config, direction)
}

const ladders = [strategy(), strategy({ ladder: 'single' }), strategy({ maxLevel: 0 }), strategy({ maxLevel: 5 })]
const directions = ['call', 'put'] as const
const runs = [1, 2, 3]

/** Everything a decision asks a book. */
function answers(book: Book, now: number) {
  const { profit, drawdown } = standingOf(book)
  return {
    ladders: ladders.flatMap((config) =>
      directions.map((each) => ladderOn(chainOf(book, config.id, 'BTCUSDT'), config, each)),
    ),
    days: [undefined, 'a', 'b'].map((id) => [
      totalOf(profitOfDay(book, now, id)),
      entriesOfDay(book, now, id),
      entriesOfDay(book, now - 300_000, id),
    ]),
    pauses: ['a', 'b'].map((id) => runs.map((n) => lastRunAt(standingOf(book), id, n))),
    result: { profit: totalOf(profit), drawdown: totalOf(drawdown) },
  }
}

/** The same, by looking through all trades. */
function plainAnswers(trades: readonly BotTrade[], now: number, timezone = 'UTC') {
  const plain = plainBook(trades, timezone)
  return {
    ladders: ladders.flatMap((config) => directions.map((each) => plain.ladder(config, 'BTCUSDT', each))),
    days: [undefined, 'a', 'b'].map((id) => [
      plain.profitOfDay(now, id),
      plain.entriesOfDay(now, id),
      plain.entriesOfDay(now - 300_000, id),
    ]),
    pauses: ['a', 'b'].map((id) => runs.map((n) => plain.lastRunAt(id, n))),
    result: plain.result(),
  }
}

const history = fc
  .array(
    fc.record({
      strategyId: fc.constantFrom('a', 'a', 'a', 'b'),
      direction: fc.constantFrom<Direction>('call', 'put'),
      status: fc.constantFrom<BotTrade['status']>(
        'win',
        'loss',
        'loss',
        'loss',
        'tie',
        'refused',
        'cancelled',
        'unknown',
        'open',
      ),
      level: fc.integer({ min: 0, max: 2 }),
      gap: fc.integer({ min: 1, max: 120 }),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let index = 0
    return steps.map(({ gap, ...changes }) => {
      index += gap
      return trade(index, changes)
    })
  })

const zones = ['UTC', 'Europe/Madrid', 'America/Sao_Paulo', 'Asia/Kolkata', 'Pacific/Auckland']

t.test('trades may come in any order and any number of times, and every answer is that of a plain fold', async (t) => {
  const announced = (each: BotTrade): BotTrade => ({ ...each, status: 'open', profit: '0', closedAt: null })
  const told = history.chain((trades) => {
    const messages = [...trades, ...trades, ...trades.map(announced)]
    return fc.tuple(fc.constant(trades), fc.shuffledSubarray(messages, { minLength: messages.length }))
  })
  fc.assert(
    fc.property(told, fc.constantFrom(...zones), fc.constantFrom(...zones), ([trades, messages], zone, next) => {
      const now = (trades.at(-1)?.signalTime ?? start) + 600_000
      const book = bookOf(messages, zone)
      t.strictSame(answers(book, now), plainAnswers(trades, now, zone))
      moveTo(book, next)
      t.strictSame(answers(book, now), plainAnswers(trades, now, next), 'after a move to another time zone')
    }),
    { numRuns: 200 },
  )
})

t.test('forgetting changes no answer', async (t) => {
  let forgotten = 0
  fc.assert(
    fc.property(history, fc.constantFrom(...zones), (trades, zone) => {
      const tidy = emptyBook(zone)
      const told: BotTrade[] = []
      for (const each of trades) {
        forget(tidy, each.signalTime)
        record(tidy, each)
        told.push(each)
        const now = each.signalTime + 600_000
        t.strictSame(answers(tidy, now), plainAnswers(told, now, zone))
      }
      const end = (trades.at(-1)?.signalTime ?? start) + 5 * day
      for (const each of trades.filter(({ status }) => status === 'open' || status === 'unknown')) {
        const lost: BotTrade = { ...each, status: 'loss', profit: '-10.00', closedAt: each.signalTime + 600_000 }
        forget(tidy, end)
        record(tidy, lost)
        told.push(lost)
        t.strictSame(answers(tidy, end), plainAnswers(told, end, zone), 'a late result counts')
      }
      forget(tidy, end + day)
      forget(tidy, end + 2 * day)
      t.equal(tidy.closed.recent.length, 0, 'all of it is forgotten once nothing is open')
      t.equal(tidy.days.days.length, 0)
      record(tidy, trade(0, { status: 'win', tradeId: 'from before' }))
      t.strictSame(answers(tidy, end), plainAnswers(told, end, zone), 'nothing from before what is forgotten counts')
      forgotten += told.length
    }),
    { numRuns: 200 },
  )
  t.ok(forgotten > 500, `${forgotten} trades forgotten`)
})

t.test('midnight belongs to the day that begins', async (t) => {
  const book = bookOf([trade(0, { signalTime: start + day }), trade(1, { status: 'win', closedAt: start + day })])
  t.same([entriesOfDay(book, start), entriesOfDay(book, start + day)], [1, 1])
  t.same(
    [start, start + day].map((time) => totalOf(profitOfDay(book, time))),
    ['0', '8.5'],
  )
})

t.test('what closed when the memory begins is still known', async (t) => {
  const edge = trade(0, { status: 'win', closedAt: start + day })
  const book = bookOf([edge])
  forget(book, start + 4 * day)
  t.equal(book.closed.until, start + day)
  record(book, edge)
  t.equal(totalOf(standingOf(book).profit), '8.5', 'told again, it does not count again')
})

t.test('a late result counts in what is remembered of the days after it', async (t) => {
  const at = (days: number) => days * 144
  const closing = (index: number, status: 'win' | 'loss') => trade(index, { status, tradeId: `t${index}` })
  const book = emptyBook()
  for (const each of [trade(0), closing(at(1), 'loss'), closing(at(2), 'win')]) record(book, each)
  for (const days of [3, 4]) forget(book, start + days * day)
  record(book, { ...closing(0, 'loss'), closedAt: start + 1.5 * day })
  for (const each of [trade(at(4)), closing(at(4) + 30, 'win')]) record(book, each)
  for (const days of [5, 6, 7, 8]) forget(book, start + days * day)
  record(book, closing(at(8), 'win'))
  record(book, closing(at(4), 'loss'))
  t.equal(totalOf(standingOf(book).profit), '-4.5', 'three losses and three wins')
})

t.test('a ladder moves with its own results only', async (t) => {
  const loss = (index: number, level: number, direction: Direction = 'call') =>
    trade(index, { status: 'loss', level, direction })
  const cases: [string, Partial<Martingale>, BotTrade[], [call: number, put: number]][] = [
    ['nothing happened', {}, [], [0, 0]],
    ['a loss goes up', {}, [loss(1, 0)], [1, 0]],
    ['single: for both directions', { ladder: 'single' }, [loss(1, 0)], [1, 1]],
    ['single: the other direction goes on', { ladder: 'single' }, [loss(1, 0), loss(2, 1, 'put')], [2, 2]],
    ['dual: each its own', {}, [loss(1, 0), loss(2, 1), loss(3, 0, 'put')], [2, 1]],
    ['a win resets', {}, [loss(1, 0), loss(2, 0, 'put'), trade(3, { status: 'win', level: 1 })], [0, 1]],
    ['over the highest is a bust', {}, [loss(1, 0), loss(2, 1), loss(3, 2)], [0, 0]],
    ['the plan none never climbs', { plan: 'none' }, [loss(1, 0)], [0, 0]],
    ['a cap that fell makes a bust', { maxLevel: 1 }, [loss(1, 0), loss(2, 1)], [0, 0]],
    ['a tie stays', {}, [loss(1, 0), trade(2, { status: 'tie', level: 1 })], [1, 0]],
    ['a refusal stays', {}, [loss(1, 0), trade(2, { status: 'refused', level: 1 })], [1, 0]],
    ['a refund stays', {}, [loss(1, 0), trade(2, { status: 'cancelled', level: 1 })], [1, 0]],
    ['unknown stays', {}, [loss(1, 0), trade(2, { status: 'unknown', level: 1 })], [1, 0]],
    ['of another symbol', {}, [trade(1, { status: 'loss', symbol: 'ETHUSDT' })], [0, 0]],
    ['of another strategy', {}, [trade(1, { status: 'loss', strategyId: 'b' })], [0, 0]],
  ]
  for (const [name, martingale, trades, levels] of cases) {
    const config = strategy(martingale)
    const found = (['call', 'put'] as const).map((direction) => ladderIn(trades, config, direction).level)
    t.same(found, levels, name)
  }
  t.equal(ladderIn([loss(1, 0), loss(2, 1)], strategy(), 'call').lost, '20')
})
