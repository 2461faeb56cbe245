import type { BacktestRequest } from '../../api/reports.js'

/** What was tested, for example "RSI reversal on BTCUSDT, M5". `names`: of the catalogue, by id. */
export function subjectOf({ config, optimise }: BacktestRequest, names: ReadonlyMap<string, string>): string {
  const tested = config.strategies.filter(({ enabled }) => enabled)
  const words = tested.map(
    ({ name, symbols, timeframe }) => `${names.get(name) ?? name} on ${symbols.join(', ')}, ${timeframe}`,
  )
  const [first = 'Nothing'] = words
  const whole = words.length > 1 ? `${first} and ${words.length - 1} more` : first
  return optimise ? `Search: ${whole}` : whole
}
