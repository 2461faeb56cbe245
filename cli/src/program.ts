import { Command } from 'commander'
import { addAggregate } from './commands/aggregate.js'
import { addBacktest } from './commands/backtest.js'
import { addIndicator } from './commands/indicator.js'
import { addSignals } from './commands/signals.js'
import { addSimulate } from './commands/simulate.js'
import type { Io } from './io.js'

const overview = `
Candles are CSV files: time,open,high,low,close,volume, time being a bar's open in ms since 1970 (UTC), oldest first.
Results go to stdout, everything else to stderr.
Exit codes: 0 done, 1 bad input (a file, a parameter), 2 wrong use of the command line.

Examples:
  npm run --silent sath -- signals --candles EURUSD_M5.csv --timeframe M5 > signals.csv
  npm run --silent sath -- backtest --candles EURUSD_M1.csv --strategy rsi-reversal
  npm run --silent sath -- help simulate`

/** The command line, ready to parse. It throws where Commander would end the process. */
export function createProgram(io: Io): Command {
  const program = new Command('sath')
    .usage('<command> [options]      (npm run --silent sath -- <command> [options])')
    .description('Signals, indicators, back-tests and odds at the command line. Needs no database.')
    .helpCommand('help [command]', 'say more about a command')
    .addHelpText('after', overview)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.print(text),
      writeErr: (text) => io.note(text.replace(/\n$/, '')),
      outputError: (text, write) => write(text.replace(/^error: /, 'sath: ')),
    })
    .showHelpAfterError('(--help says how it is used)')
  for (const add of [addSignals, addIndicator, addAggregate, addBacktest, addSimulate]) add(program, io)
  return program
}
