import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BotDecided } from '@sath/contracts'
import { type Candle, timeframeMs } from '@sath/core'
import { paperMarket, type Teardown, walk } from '@sath/testkit'
import t from 'tap'
import { type BotProcess, botProcess, type Line } from './testing/bot-process.js'
import { botConfig, candleMessage, strategy, welcome } from './testing/messages.js'

const second = '5f0c7f3e-6f3b-4b51-9d0a-0a4d2f6f1c02'
const config = botConfig(
  {},
  {
    id: second,
    strategy: 'rsi-reversal',
    params: { period: 2, oversold: 45, overbought: 55 },
    confirmTimeframe: 'M15',
    martingale: { ...strategy.martingale, ladder: 'single', next: 'candle' },
  },
)
/** A day, and bars of M15 that began half a day before, so that there is something to confirm with. */
const day = walk(288, { timeframe: 'M5', seed: 21 })
const confirming = walk(144, { timeframe: 'M15', seed: 22, start: (day[0] as Candle).time - 43_200_000 })

type When = 'never' | 'before the commit' | 'after the commit'

/**
 * Plays a day as the gateway does: whatever closes is told, then the candle; both answers are committed together. A bot that
 * is killed is followed by another process, which gets what was committed and what came since.
 */
async function playDay(nextBot: () => Promise<BotProcess>, kill: (index: number) => When): Promise<BotDecided[]> {
  const market = paperMarket()
  const committed: BotDecided[] = []
  const start = async (since: readonly Candle[]): Promise<[BotProcess, Line]> => {
    const bot = await nextBot()
    const line = await bot.line()
    line.send(welcome({ config, resume: committed.slice(-2), trades: market.trades }))
    for (const candle of since) line.send({ ...candleMessage(candle, 'M15'), mode: 'stale' } as never)
    return [bot, line]
  }
  const closingWith = (candle: Candle) =>
    confirming.filter(({ time }) => time + timeframeMs('M15') === candle.time + timeframeMs('M5'))
  const history = confirming.filter(({ time }) => time + timeframeMs('M15') <= (day[0] as Candle).time)

  let [bot, line] = await start(history)
  for (const [index, candle] of day.entries()) {
    const ask = async () => {
      line.send(...closingWith(candle).map((bar) => candleMessage(bar, 'M15')), candleMessage(candle))
      return [await line.next('decided'), await line.next('decided')]
    }
    for (const trade of market.close('BTCUSDT', candle)) line.send({ type: 'trade', trade })
    let answers = await ask()
    if (kill(index) === 'before the commit') {
      end(bot)
      ;[bot, line] = await start(committed.length === 0 ? history : [])
      const again = await ask()
      t.strictSame(again, answers, 'asked again, it says the same')
      answers = again
    }
    committed.push(...answers)
    for (const { strategyId, symbol, candleTime, intent } of answers) {
      if (!intent) continue
      const { intentId: tradeId, direction, level, stake } = intent
      line.send({
        type: 'trade',
        trade: market.enter({ tradeId, strategyId, symbol, direction, level, stake, candleTime }),
      })
    }
    if (kill(index) === 'after the commit') {
      end(bot)
      ;[bot, line] = await start([])
    }
  }
  return committed
}

function end(bot: BotProcess): void {
  bot.child.kill('SIGKILL')
  bot.closeGateway()
}

/** Keeps some processes waiting at their sockets, so that the next one is there when one is killed. */
function prepared(t: Teardown, ahead: number): () => Promise<BotProcess> {
  const ready: Promise<BotProcess>[] = []
  return () => {
    while (ready.length <= ahead) ready.push(botProcess(t))
    return ready.shift() as Promise<BotProcess>
  }
}

// Four hundred processes, on a machine that may be busy.
t.setTimeout(300_000)

t.before(() =>
  promisify(execFile)(process.execPath, [fileURLToPath(new URL('../scripts/bundle.mjs', import.meta.url))]),
)

t.test('killed at every candle of a day it decides bit for bit the same', async (t) => {
  const whole = await playDay(prepared(t, 0), () => 'never')
  const killed = await playDay(prepared(t, 3), (index) => (index % 6 === 5 ? 'before the commit' : 'after the commit'))
  t.equal(whole.length, day.length * 2)
  t.strictSame(killed, whole)

  const of = (id: string, outcome: string) => whole.filter((each) => each.strategyId === id && each.outcome === outcome)
  t.ok(
    of(strategy.id, 'traded').some(({ intent }) => intent?.level === 2),
    'the day climbs to the top of a ladder',
  )
  t.ok(of(second, 'traded').length > 10 && of(second, 'filter').length > 10, 'and confirms')
})
