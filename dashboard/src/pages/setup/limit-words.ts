import type { FieldError } from '../../api/problem.js'
import { sentenceCase } from '../../parts/format.js'

const words: Readonly<Record<string, string>> = {
  maxStrategies: 'Strategies',
  maxSymbols: 'Symbols',
  maxTradesPerDay: 'Trades in a day',
  maxCapitalPerTrade: 'Stake',
  maxCapital: 'Capital',
  capital: 'Capital',
  modes: 'Trading',
  multiTimeframe: 'Trend filter',
  backtesting: 'Back-tests',
  historyDays: 'History',
}

/** Refusals of a plan begin with the limit's name, for programs; here it is said in words. A whole list is no field. */
export function inWords({ path, message }: FieldError): FieldError {
  const name = /^(\w+): /.exec(message)?.[1]
  const word = name === undefined ? undefined : words[name]
  const said = word === undefined ? message : message.replace(/^\w+/, word)
  return { path: path === 'strategies' ? '' : path, message: sentenceCase(said) }
}
