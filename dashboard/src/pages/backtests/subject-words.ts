import type { BacktestRequest } from '../../api/reports.js'

/** What was tested, for example "RSI reversal on BTCUSDT, M5". */
export function subjectOf({ config, optimise }: BacktestRequest): string {
  const tested = config.strategies.filter(({ enabled }) => enabled)
  const words = tested.map(({ name, symbols, timeframe }) => `${name} on ${symbols.join(', ')}, ${timeframe}`)
  const [first = 'Nothing'] = words
  const whole = words.length > 1 ? `${first} and ${words.length - 1} more` : first
  return optimise ? `Search: ${whole}` : whole
}
