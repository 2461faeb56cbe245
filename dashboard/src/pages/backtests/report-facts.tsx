import type { BacktestReport } from '../../api/reports.js'
import { Fact, Facts } from '../../parts/facts.js'
import { money, number } from '../../parts/format.js'
import { ProfitText } from '../../parts/profit-text.js'
import { TimeSpan } from '../../parts/time.js'
import { percent, ratio } from './report-words.js'

/** The figures of a whole back-test. */
export function ReportFacts({ report }: { report: BacktestReport }) {
  const { trades, wins, losses, ties, maxDrawdown, longestStreaks, exposure, from, to } = report
  const usd = (amount: string) => money(amount, 'USD')
  return (
    <Facts>
      <Fact name="Trades">
        {number(trades, 0)} ({wins} won, {losses} lost, {ties} tied)
      </Fact>
      <Fact name="Profit">
        <ProfitText amount={report.profit} currency="USD" />
      </Fact>
      <Fact name="Capital">
        {usd(report.capital)} became {usd(report.finalEquity)}
      </Fact>
      <Fact name="Largest drawdown">
        {usd(maxDrawdown.amount)} ({number(maxDrawdown.percent, 1)} %)
      </Fact>
      <Fact name="Profit factor">{ratio(report.profitFactor)}</Fact>
      <Fact name="Sharpe, Sortino">
        {ratio(report.sharpe)}, {ratio(report.sortino)}
      </Fact>
      <Fact name="Longest runs">
        {longestStreaks.wins} won, {longestStreaks.losses} lost
      </Fact>
      <Fact name="Staked in all">{usd(report.turnover)}</Fact>
      <Fact name="Most at stake">{usd(exposure.maxAtStake)}</Fact>
      <Fact name="In the market">
        {exposure.timeShare === null ? '–' : `${percent(exposure.timeShare)} of the time`}
      </Fact>
      <Fact name="A win pays">{percent(Number(report.payout), 2)}</Fact>
      <Fact name="Spread">{percent(Number(report.spread), 4)}</Fact>
      <Fact name="Candles">{number(report.candles, 0)} of one minute</Fact>
      {from !== null && to !== null && (
        <Fact wide name="Time tested">
          <TimeSpan from={new Date(from).toISOString()} to={new Date(to).toISOString()} />
        </Fact>
      )}
    </Facts>
  )
}
