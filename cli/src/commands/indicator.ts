import { indicators, runIndicator } from '@sath/indicators'
import type { Command } from 'commander'
import { loadCandles } from '../candle-file.js'
import { type Io, rowWriter } from '../io.js'
import { pairsOf } from '../option-values.js'

interface Options {
  readonly candles: string
  readonly params?: string
}

/** Names that others give to the same indicators. */
const alsoKnownAs = new Map([
  ['bb', 'bollinger'],
  ['stoch', 'stochastic'],
  ['stddev', 'stdev'],
])

export function addIndicator(program: Command, io: Io): void {
  program
    .command('indicator')
    .description('print an indicator over a file of bars')
    .argument('<id>', Object.keys(indicators).join(', '))
    .requiredOption('--candles <file>', 'CSV of bars of any length')
    .option('--params <k=v,…>', 'its parameters; what is left out has its default')
    .addHelpText('after', help())
    .action((id: string, options: Options) => printIndicator(id, options, io))
}

async function printIndicator(id: string, { candles: path, params }: Options, io: Io): Promise<void> {
  const { columns, next } = runIndicator({
    id: alsoKnownAs.get(id) ?? id,
    params: params === undefined ? {} : pairsOf('--params', params),
  })
  const candles = await loadCandles(path, { alignMs: 1 })
  const { row, end } = rowWriter(io)
  await row(`time,${columns.join(',')}`)
  for (const candle of candles) {
    const cells = next(candle).map((value) => value ?? '')
    await row(`${candle.time},${cells.join(',')}`)
  }
  await end()
}

function help(): string {
  const lines = Object.entries(indicators).map(([id, { params, columns }]) => {
    const defaults = Object.entries(params).map(([name, spec]) => `${name}=${spec.default}`)
    return `  ${id.padEnd(11)} ${defaults.join(',').padEnd(32)} ${columns.join(', ')}`
  })
  return `
Prints CSV: time and the indicator's columns, a row for every bar, its cells empty until there is a value. Numbers are
double precision in full.

Indicators with their default parameters and their columns:
${lines.join('\n')}

Examples:
  sath indicator rsi --candles EURUSD_M5_2020.csv
  sath indicator macd --candles EURUSD_M5_2020.csv --params fast=8,slow=21,signal=5`
}
