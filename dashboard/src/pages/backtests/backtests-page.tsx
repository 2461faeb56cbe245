import { useNavigate } from '@tanstack/react-router'
import { uuid } from '../../api/uuid.js'
import { Empty, Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { newStrategy } from '../setup/draft.js'
import { useLists } from '../setup/use-lists.js'
import { firstBacktest } from './backtest-draft.js'
import { BacktestForm } from './backtest-form.js'
import { BacktestList } from './backtest-list.js'

export function BacktestsPage() {
  const navigate = useNavigate()
  const lists = useLists()
  return (
    <Page title="Back-tests">
      <p className="muted">
        A back-test runs your strategy over candles of the past with the same engine as your bot, and says whether what
        it shows could be luck.
      </p>
      <Section title="New back-test">
        <Loaded query={lists}>
          {(all) => {
            const [info] = all.strategies
            if (!info) return <Empty>There is no strategy to test.</Empty>
            return (
              <BacktestForm
                first={firstBacktest(newStrategy(uuid(), info, all.symbols[0]?.symbol))}
                lists={all}
                onAsked={(id) => navigate({ to: '/backtests/$id', params: { id } })}
              />
            )
          }}
        </Loaded>
      </Section>
      <Section title="Your back-tests">
        <BacktestList />
      </Section>
    </Page>
  )
}
