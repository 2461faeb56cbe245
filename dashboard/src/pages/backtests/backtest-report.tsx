import type { BacktestReport } from '../../api/reports.js'
import { Notice } from '../../parts/notice.js'
import { Section } from '../../parts/page.js'
import type { Tone } from '../../parts/tone.js'
import { EquityCurve } from './equity-curve.js'
import { GroupTables } from './group-tables.js'
import { OutcomeList } from './outcome-list.js'
import { ReportFacts } from './report-facts.js'
import { sentenceCase } from './report-words.js'
import { WinRateBar } from './win-rate-bar.js'

const tones: Readonly<Record<BacktestReport['verdict']['code'], Tone>> = {
  edge: 'good',
  'no-edge': 'info',
  worse: 'warning',
  'too-few': 'info',
}

export function BacktestReportView({ report }: { report: BacktestReport }) {
  const { verdict, winRate, breakEvenRate, wins, losses } = report
  return (
    <>
      <Section title="What it shows">
        <Notice tone={tones[verdict.code]}>
          <strong>{sentenceCase(verdict.sentence)}.</strong>
        </Notice>
        {winRate && (
          <WinRateBar rate={winRate} needed={breakEvenRate} note={`Measured on ${wins + losses} decided trades`} />
        )}
        <ReportFacts report={report} />
      </Section>
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
