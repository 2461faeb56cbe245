import type { BacktestReport } from '../../api/reports.js'
import { Section } from '../../parts/page.js'
import { EquityCurve } from './equity-curve.js'
import { GroupTables } from './group-tables.js'
import { OutcomeList } from './outcome-list.js'
import { ReportFacts } from './report-facts.js'
import { SearchResult } from './search-result.js'
import { VerdictNotice } from './verdict-notice.js'
import { WinRateBar } from './win-rate-bar.js'

export function BacktestReportView({ report }: { report: BacktestReport }) {
  const { verdict, winRate, breakEvenRate, wins, losses } = report
  return (
    <>
      <Section title="What it shows">
        <VerdictNotice verdict={verdict} />
        {winRate && (
          <WinRateBar rate={winRate} needed={breakEvenRate} note={`Measured on ${wins + losses} decided trades`} />
        )}
        <ReportFacts report={report} />
      </Section>
      {report.optimise && <SearchResult search={report.optimise} />}
      <Section title="Equity">
        <EquityCurve points={report.equity ?? []} />
      </Section>
      <GroupTables report={report} />
      <Section title="How its candles ended">
        <OutcomeList decisions={report.decisions} />
        <p className="muted">
          Fingerprint of all decisions: <code>{report.decisionHash}</code>
        </p>
      </Section>
    </>
  )
}
