import { type Candle, type Timeframe, timeframeMs } from '@sath/core'
import {
  type AggregatedCandle,
  candleHeader,
  createAggregator,
  createSeriesCounter,
  createTickAggregator,
  readTickPages,
  type SeriesFacts,
} from '@sath/feeds'
import type { Command } from 'commander'
import { BadInput } from '../bad-input.js'
import { csvRow, loadCandles, timeframeOfBars } from '../candle-file.js'
import { type Io, rowWriter } from '../io.js'
import { timeframeOf } from '../option-values.js'

interface Options {
  readonly candles?: string
  readonly ticks?: string
  readonly to: string
  readonly incomplete?: true
}

const help = `
Prints CSV candles. A bar is printed when the file holds all of it: a first bar that began before the file and a last one
that is not over at the file's end are named on stderr and left out, unless --incomplete. A bar of which some minutes are
missing in between is a bar; one without any is absent. Nothing is made up.

Examples:
  sath aggregate --candles EURUSD_M1_2020.csv --to M5 > EURUSD_M5_2020.csv
  sath aggregate --ticks XRPETH_trades_2019.csv --to M1`

export function addAggregate(program: Command, io: Io): void {
  program
    .command('aggregate')
    .description('make longer bars of shorter ones, or of ticks')
    .option('--candles <file>', 'CSV of bars, shorter than --to')
    .option('--ticks <file>', 'CSV of trades instead: columns time, price, amount and, to tell duplicates, id')
    .requiredOption('--to <timeframe>', 'M1 (of ticks), M5, M15, M30, H1, H4 or D1')
    .option('--incomplete', 'print the first and the last bar even if the file does not hold all of them')
    .addHelpText('after', help)
    .action((options: Options, command: Command) => {
      if ((options.candles === undefined) === (options.ticks === undefined)) {
        command.error('error: give either --candles or --ticks', { exitCode: 2, code: 'sath.oneInput' })
      }
      return printBars(options, io)
    })
}

async function printBars(options: Options, io: Io): Promise<void> {
  const to = timeframeOf('--to', options.to)
  const { bars, unclosed } =
    options.ticks === undefined
      ? await barsOfFile(options.candles ?? '', to, io)
      : await barsOfTicks(options.ticks, to, io)
  const { row, end } = rowWriter(io)
  await row(candleHeader)
  for (const { candle, partial } of bars) {
    if (!partial || options.incomplete) await row(csvRow(candle))
    else io.note(`left out: the bar of ${utc(candle.time)} began before the file`)
  }
  if (unclosed && options.incomplete) await row(csvRow(unclosed))
  else if (unclosed) io.note(`left out: the bar of ${utc(unclosed.time)} is not over at the end of the file`)
  await end()
}

interface Bars {
  readonly bars: readonly AggregatedCandle[]
  readonly unclosed: Candle | undefined
}

async function barsOfFile(path: string, to: Timeframe, io: Io): Promise<Bars> {
  const candles = await loadCandles(path)
  const input = timeframeOfBars(path, candles)
  const counter = createSeriesCounter(timeframeMs(input))
  candles.forEach(counter.push)
  noteGaps(counter.facts(), input, io)
  return aggregated(candles, input, to)
}

async function barsOfTicks(path: string, to: Timeframe, io: Io): Promise<Bars> {
  const aggregator = createTickAggregator()
  const minutes: AggregatedCandle[] = []
  for await (const page of readTickPages(path)) {
    for (const tick of page) {
      const minute = aggregator.push(tick)
      if (minute) minutes.push(minute)
    }
  }
  const { duplicates, outOfOrder, late, malformed } = aggregator.counts
  const refused = `${duplicates} twice and ignored, ${late} of a closed minute and refused, ${malformed} without a price`
  io.note(`ticks: ${refused}, ${outOfOrder} out of order within their minute`)
  const forming = aggregator.forming()
  if (to === 'M1') return { bars: minutes, unclosed: forming }
  const candles = [...minutes.map(({ candle }) => candle), ...(forming ? [forming] : [])]
  const [first] = minutes
  return aggregated(candles, 'M1', to, first?.partial ? first.candle.time + timeframeMs('M1') : undefined)
}

/** `completeFrom`: see createAggregator; absent: the first candle is the first of the series that is known. */
function aggregated(candles: readonly Candle[], input: Timeframe, to: Timeframe, completeFrom?: number): Bars {
  if (to === 'M1' || timeframeMs(to) <= timeframeMs(input)) {
    throw new BadInput(`--to must be longer than the bars of the file, which are ${input}`)
  }
  const options = { input, timeframes: [to], ...(completeFrom === undefined ? {} : { completeFrom }) }
  const aggregator = createAggregator(options)
  return { bars: candles.flatMap((candle) => aggregator.push(candle)), unclosed: aggregator.forming(to) }
}

function noteGaps({ bars, gaps, missingBars, biggestGap }: SeriesFacts, timeframe: Timeframe, io: Io): void {
  if (!biggestGap) return
  const biggest = `the longest after ${utc(biggestGap.after)}, ${biggestGap.missing} bars`
  io.note(`${bars} ${timeframe} bars with ${gaps} gaps, ${missingBars} bars missing, ${biggest}`)
}

function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
