import type { SimulationReport } from '../../api/reports.js'
import { Histogram } from '../../charts/histogram.js'
import { Fact, Facts } from '../../parts/facts.js'
import { number } from '../../parts/format.js'
import { Notice } from '../../parts/notice.js'
import { Section } from '../../parts/page.js'
import { percent } from '../backtests/report-words.js'
import { useCatalogueNames } from '../backtests/use-catalogue-names.js'
import { WinRateBar } from '../backtests/win-rate-bar.js'
import { OddsTable } from './odds-table.js'
import { RateBadge, rateText } from './rate-words.js'
import { usd } from './usd.js'

export function SimulationReportView({ report }: { report: SimulationReport }) {
  const names = useCatalogueNames()
  const { input, winRate, sentence, monteCarlo } = report
  const { median, p5, p95, maxDrawdown, worst, histogram, scenarios, seed } = monteCarlo
  const needed = 1 / (1 + input.payout)
  return (
    <>
      <Section title="The win rate it rests on" actions={<RateBadge origin={winRate.origin} />}>
        <Notice tone={winRate.origin === 'measured' ? 'info' : 'warning'}>{sentence}</Notice>
        {winRate.origin === 'measured' ? (
          <WinRateBar
            rate={winRate}
            needed={needed}
            note={`Measured: ${names.get(winRate.strategy) ?? winRate.strategy} on ${winRate.symbol}, ${winRate.trades} decided trades`}
          />
        ) : (
          <Facts>
            <Fact name="Win rate put in">{rateText(winRate)}</Fact>
            <Fact name="Break-even">{percent(needed, 2)}</Fact>
          </Facts>
        )}
      </Section>
      <Section title="What would come of it">
        <OddsTable report={report} />
        <p className="muted">
          {number(scenarios, 0)} scenarios, seed {seed}. A plan of stakes cannot change the sign of the edge: the mean
          end is the capital and the edge times what is staked in all.
        </p>
      </Section>
      <Section title="Where the scenarios ended">
        {histogram && <Histogram histogram={histogram} mark={{ at: input.capital, label: 'Capital' }} format={usd} />}
        <Facts>
          <Fact name="Half ended below">{usd(median)}</Fact>
          <Fact name="5 of 100 ended below">{usd(p5)}</Fact>
          <Fact name="5 of 100 ended above">{usd(p95)}</Fact>
          <Fact name="Mean of the largest falls">{usd(maxDrawdown.mean)}</Fact>
          <Fact name="5 of 100 fell more than">{usd(maxDrawdown.p95)}</Fact>
          <Fact name="Worst scenario ended at">{usd(worst.final)}</Fact>
        </Facts>
      </Section>
    </>
  )
}
