import { candles, walk } from '@sath/testkit'
import t from 'tap'
import { writer } from './cli.fixture.js'
import type { Io } from './io.js'
import { run } from './run.js'

/** Keeps what was said. */
function memoryIo(): Io & { stdout(): string; stderr(): string } {
  let [stdout, stderr] = ['', '']
  return {
    async print(text) {
      stdout += text
    },
    note(line) {
      stderr += `${line}\n`
    },
    terminal: undefined,
    stdout: () => stdout,
    stderr: () => stderr,
  }
}

t.test(
  'says what is wrong with the input and ends with 1, or with the way it was called and ends with 2',
  async (t) => {
    const write = writer(t)
    const good = write('EURUSD_M5.csv', walk(100, { timeframe: 'M5' }))
    const header = 'time,open,high,low,close,volume'
    const words = write('words.csv', `${header}\n0,1,1,1,1,1\n60000,1,1,1,one,1\n`)
    const headless = write('headless.csv', '0,1,1,1,1,1\n')
    const none = write('none.csv', `${header}\n`)
    const uneven = write(
      'uneven.csv',
      candles([1, 2, 3], { timeframe: 'M5' }).map((c) => ({ ...c, time: c.time * 1.4 })),
    )
    const shifted = write('shifted.csv', candles([1, 2, 3], { timeframe: 'M5', start: 300_000 + 60_000 }))
    const of = (command: string) => (path: string) => [...command.split(' '), '--candles', path]
    const signals = of('signals --timeframe M5')
    const backtest = of('backtest --strategy rsi-reversal')

    const cases: [string[], number, RegExp][] = [
      [signals(words), 1, /words\.csv line 3, column close: "one" is not a number/],
      [signals(headless), 1, /headless\.csv line 1, the header: must be time,open/],
      [signals(none), 1, /none\.csv has no candles/],
      [signals('nowhere.csv'), 1, /there is no file .*nowhere\.csv/],
      [signals('.'), 1, /sath: \. is a directory/],
      [['aggregate', '--to', 'M5', '--ticks', '.'], 1, /sath: \. is a directory/],
      [[...signals(good), '--strategy', 'luck'], 1, /--strategy: unknown strategy "luck"; known are rsi-reversal, /],
      [[...signals(good), '--params', 'period=2'], 1, /--params needs a --strategy/],
      [[...signals(good), '--strategy', 'rsi-reversal', '--params', 'period=0'], 1, /--params period: must be/],
      [of('signals --timeframe M7')(good), 1, /--timeframe must be one of M1, M5, .*not "M7"/],
      [of('indicator luck')(good), 1, /id: must be one of sma, .*not "luck"/],
      [of('indicator constructor')(good), 1, /id: must be one of sma, .*not "constructor"/],
      [[...of('indicator macd')(good), '--params', 'fast=30'], 1, /fast: must be less than the slow period/],
      [[...of('indicator rsi')(good), '--params', 'period=0'], 1, /period: must be a whole number from/],
      [[...of('indicator rsi')(good), '--params', 'period'], 1, /--params must look like name=value/],
      [of('aggregate --to M15')(uneven), 1, /uneven\.csv line \d, column time: /],
      [of('aggregate --to M15')(shifted), 1, /shifted\.csv line 2, column time: 360000 is not the start of an M5 bar/],
      [[...backtest(good), '--params', 'luck=1'], 1, /--params luck: /],
      [[...backtest(good), '--payout', '11'], 1, /--payout: must be a decimal from/],
      [[...backtest(good), '--payout', 'x'], 1, /--payout must be a decimal/],
      [[...backtest(good), '--timeframe', 'M1'], 1, /are M5; M1 cannot be made/],
      [[], 2, /Usage: sath <command>/],
      [['luck'], 2, /unknown command 'luck'/],
      [['signals'], 2, /required option '--candles <file>' not specified/],
      [[...signals(good), '--luck'], 2, /unknown option '--luck'/],
      [[...signals(good), 'more'], 2, /too many arguments/],
      [['indicator', '--candles', good], 2, /missing required argument 'id'/],
      [['aggregate', '--to', 'M5'], 2, /give either --candles or --ticks/],
      [['simulate', '--plan', 'BE'], 2, /required option '--capital/],
    ]
    for (const [args, code, stderr] of cases) {
      const io = memoryIo()
      const ended = await run(args, io)
      t.match({ code: ended, stdout: io.stdout(), stderr: io.stderr() }, { code, stdout: '', stderr }, args.join(' '))
    }
  },
)

t.test('every command says how it is used, with an example', async (t) => {
  const commands = ['signals', 'indicator', 'aggregate', 'backtest', 'simulate']
  for (const command of commands) {
    const io = memoryIo()
    t.equal(await run([command, '--help'], io), 0)
    t.equal(io.stderr(), '')
    t.match(io.stdout(), new RegExp(`^Usage: sath ${command} .*Examples:\n  sath ${command} `, 's'))
  }
})
