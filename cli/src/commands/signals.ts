import { type Candle, type Direction, timeframeMs } from '@sath/core'
import {
  catalogue,
  checkParams,
  checkTimeframe,
  findStrategy,
  type Params,
  textbook,
  withDefaults,
} from '@sath/strategies'
import type { Command } from 'commander'
import { BadInput } from '../bad-input.js'
import { loadCandles } from '../candle-file.js'
import { type Io, rowWriter } from '../io.js'
import { pairsOf, timeframeOf } from '../option-values.js'

interface Options {
  readonly candles: string
  readonly timeframe: string
  readonly strategy?: string
  readonly params?: string
}

const help = `
Prints CSV: time,strategy,direction. Time is the open of the signal bar in ms, direction CALL or PUT. A signal stands
whether or not a bar follows. On the same bar, signals are in this order:
  ${textbook.map(({ id }) => id).join(', ')}
Others are printed only when --strategy asks for them:
  ${catalogue.flatMap((each) => (textbook.includes(each) ? [] : [each.id])).join(', ')}

Examples:
  sath signals --candles EURUSD_M5_2020.csv --timeframe M5
  sath signals --candles EURUSD_M5_2020.csv --timeframe M5 --strategy rsi-reversal --params period=7,oversold=20`

export function addSignals(program: Command, io: Io): void {
  program
    .command('signals')
    .description('print every signal of the strategies on a file of bars')
    .requiredOption('--candles <file>', 'CSV of bars, which are of the timeframe themselves')
    .requiredOption('--timeframe <timeframe>', 'length of the bars: M1, M5, M15, M30, H1, H4 or D1')
    .option('--strategy <id>', 'one strategy only')
    .option('--params <k=v,…>', 'its parameters; what is left out has its default')
    .addHelpText('after', help)
    .action((options: Options) => printSignals(options, io))
}

async function printSignals({ candles: path, timeframe, strategy, params }: Options, io: Io): Promise<void> {
  const length = timeframeOf('--timeframe', timeframe)
  if (params !== undefined && strategy === undefined) throw new BadInput('--params needs a --strategy to be of')
  const [unfit] = strategy === undefined ? [] : checkTimeframe(strategy, length)
  if (unfit) throw new BadInput(`--timeframe ${unfit.message}`)
  const watches = (strategy === undefined ? textbook.map(({ id }) => id) : [strategy]).map((id) =>
    watch(id, params === undefined ? {} : pairsOf('--params', params)),
  )
  const candles = await loadCandles(path, { alignMs: 1, apartMs: timeframeMs(length) })
  const { row, end } = rowWriter(io)
  await row('time,strategy,direction')
  for (const candle of candles) {
    for (const { id, step } of watches) {
      const direction = step(candle)
      if (direction) await row(`${candle.time},${id},${direction.toUpperCase()}`)
    }
  }
  await end()
}

/** A running strategy. @throws BadInput naming the parameter */
function watch(id: string, given: Params): { id: string; step(candle: Candle): Direction | undefined } {
  const strategy = findStrategy(id)
  const faults = checkParams(id, given)
  if (faults.length > 0 || !strategy) {
    throw new BadInput(
      faults.map(({ path, message }) => `${path === '' ? '--strategy' : `--params ${path}`}: ${message}`).join('; '),
    )
  }
  const params = withDefaults(strategy.params, given)
  const state = strategy.init(params)
  return {
    id,
    step(candle) {
      const { direction } = strategy.step(state, candle, params)
      return direction === 'none' ? undefined : direction
    },
  }
}
