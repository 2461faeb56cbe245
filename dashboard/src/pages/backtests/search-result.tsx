import type { SearchReport } from '../../api/reports.js'
import { number } from '../../parts/format.js'
import { Section } from '../../parts/page.js'
import { ProfitText } from '../../parts/profit-text.js'
import { type Column, Table } from '../../parts/table.js'
import { TimeSpan } from '../../parts/time.js'
import { intervalText } from './report-words.js'
import { VerdictNotice } from './verdict-notice.js'
import { WinRateBar } from './win-rate-bar.js'

type Window = SearchReport['windows'][number]

const columns: readonly Column<Window>[] = [
  { head: 'Tested', cell: ({ test }) => <TimeSpan from={iso(test.from)} to={iso(test.to)} /> },
  { head: 'Chosen before it', cell: ({ chosen }) => (chosen ? paramsText(chosen.params) : 'nothing: too few trades') },
  { head: 'In training', align: 'end', cell: ({ chosen }) => rate(chosen?.train.winRate) },
  { head: 'In the test', align: 'end', cell: ({ chosen }) => rate(chosen?.test.winRate) },
  {
    head: 'Profit',
    align: 'end',
    cell: ({ chosen }) => (chosen ? <ProfitText amount={chosen.test.profit} currency="USD" /> : '–'),
  },
]

/** What a search over parameters came to. Only what was not seen while choosing counts. */
export function SearchResult({ search }: { search: SearchReport }) {
  const { outOfSample, sentence, variantsTried, windows } = search
  return (
    <Section title="Other parameters">
      <VerdictNotice verdict={outOfSample.verdict} />
      {outOfSample.winRate && (
        <WinRateBar
          rate={outOfSample.winRate}
          needed={outOfSample.breakEvenRate}
          note={`Measured out of sample, after each choice among ${number(variantsTried, 0)} variants`}
        />
      )}
      <p>{sentence}</p>
      <Table caption="Windows, oldest first" columns={columns} rows={windows} rowKey={({ test }) => test.from} />
    </Section>
  )
}

function rate(winRate: Parameters<typeof intervalText>[0] | null | undefined): string {
  return winRate ? intervalText(winRate) : '–'
}

function paramsText(params: Readonly<Record<string, number | string>>): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
