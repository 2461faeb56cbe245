import type { BacktestReport, ControlReport, Estimate, Performance } from '@sath/backtest'
import type { Decimal, StrategyConfig } from '@sath/core'
import { worstCase } from '@sath/engine'
import { plot } from 'asciichart'
import { table } from '../table.js'

/** A report for a person. `strategy`: what was run; `series`: what it was run on; `control`: if it was asked for. */
export function reportText(
  report: BacktestReport,
  strategy: StrategyConfig,
  series: string,
  control?: ControlReport,
): string {
  return [
    `${strategy.name} on ${strategy.timeframe} of ${strategy.symbols.join()}, ${ladderText(strategy, report.payout)}`,
    `${span(report)}: ${series}`,
    '',
    `Verdict: ${report.verdict.sentence}.`,
    ...(control ? [`Control: ${control.sentence}`] : []),
    '',
    table(figures(report), [0, 2]),
    ...curve(report),
    ...hours(report),
    '',
    `Decisions: ${decisions(report)}`,
    `Decision hash: ${report.decisionHash}`,
  ].join('\n')
}

/** The stakes a ladder may climb to, because they are what a martingale costs. */
function ladderText(strategy: StrategyConfig, payout: Decimal): string {
  const { plan, ladder, maxLevel } = strategy.martingale
  if (plan === 'none' || maxLevel === 0) return `stake ${strategy.stake}`
  const { levels, total } = worstCase(strategy, payout)
  return `${plan} on a ${ladder} ladder: stakes ${levels.join(', ')}, up to ${total} at once`
}

function figures(report: BacktestReport): string[][] {
  const { wins, losses, ties, cancelled, capital, finalEquity, maxDrawdown, longestStreaks, exposure } = report
  return [
    ['trades', `${report.trades}`, `${wins} won, ${losses} lost, ${ties} tied, ${cancelled} cancelled`],
    ['win rate', share(report.winRate?.value ?? null), interval(report)],
    ['break-even rate', share(report.breakEvenRate), `at a payout of ${share(Number(report.payout))}`],
    ['profit', report.profit, `${capital} became ${finalEquity}`],
    ['turnover', report.turnover, `profit per unit staked ${share(report.meanReturn?.value ?? null)}`],
    ['profit factor', number(report.profitFactor), 'gains ÷ losses'],
    ['Sharpe', number(report.sharpe), 'yearly, of daily returns'],
    ['Sortino', number(report.sortino), 'yearly, of daily returns'],
    ['max drawdown', maxDrawdown.amount, `${maxDrawdown.percent.toFixed(2)} % of the highest equity before it`],
    ['longest streak', `${longestStreaks.losses}`, `losses in a row; wins ${longestStreaks.wins}`],
    ['exposure', share(exposure.timeShare), `of the time; at most ${exposure.maxAtStake} at stake`],
  ].map(([title = '', value = '', words = '']) => [`  ${title}`, value, words])
}

const chartWidth = 90

/** The equity in characters, at most `chartWidth` wide. Nothing without a trade. */
function curve({ equity, trades }: BacktestReport): string[] {
  if (trades === 0 || equity.length < 2) return []
  const points = Math.min(chartWidth, equity.length)
  const series = Array.from({ length: points }, (_, i) =>
    Number(equity[Math.round((i * (equity.length - 1)) / (points - 1))]?.equity),
  )
  return ['', 'Equity', plot(series, { height: 10 })]
}

function hours({ byHour }: BacktestReport): string[] {
  if (byHour.length === 0) return []
  const rows = byHour.map(({ hour, ...performance }) => [
    `  ${String(hour).padStart(2, '0')}:00`,
    `${performance.trades}`,
    share(performance.winRate?.value ?? null),
    interval(performance),
    performance.profit,
  ])
  return ['', 'By hour of entry, UTC', table([['', 'trades', 'win rate', '95 % interval', 'profit'], ...rows])]
}

function decisions({ decisions }: BacktestReport): string {
  return Object.entries(decisions)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ')
}

function span({ from, to }: BacktestReport): string {
  if (from === null || to === null) return 'no closed bar'
  const day = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ')
  return `${day(from)} to ${day(to)} UTC`
}

function interval({ winRate }: Performance): string {
  return winRate ? bounds(winRate) : ''
}

function bounds({ low, high }: Estimate): string {
  return `${(100 * low).toFixed(2)} to ${share(high)}`
}

function share(value: number | null): string {
  return value === null ? '–' : `${(100 * value).toFixed(2)} %`
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(2)
}
